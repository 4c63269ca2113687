import TestSupport
import Text
import XCTest

final class Base62Tests: XCTestCase {
  func testTheEdgesOfTheRangeGoThereAndBack() {
    for number in [0, 1, 9, 10, 35, 36, 61, 62, 3843, 3844, UInt64(Int64.max), .max - 1, .max] {
      XCTAssertEqual(Base62.decode(Base62.encode(number).utf8), number)
    }
    XCTAssertEqual(Base62.encode(0), "0")
    XCTAssertEqual(Base62.encode(61), "z")
    XCTAssertEqual(Base62.encode(62), "10")
    XCTAssertEqual(Base62.encode(UInt64(Int64.max)), "AzL8n0Y58m7")
    XCTAssertEqual(Base62.encode(.max), "LygHa16AHYF")
  }

  func testRandomNumbersGoThereAndBack() {
    var generator = SplitMix64(seed: 7)
    for _ in 0..<100_000 {
      let number = UInt64.random(
        in: 0...(.max >> UInt64.random(in: 0..<64, using: &generator)), using: &generator)
      XCTAssertEqual(Base62.decode(Base62.encode(number).utf8), number)
    }
  }

  func testWhatIsNoNumberIsRefused() {
    for text in ["", "-1", "a b", "LygHa16AHYG", "zzzzzzzzzzzz", "é", "a/b", "\0"] {
      XCTAssertNil(Base62.decode(text.utf8), text)
    }
  }

  func testAnyNumberOfBytesIsWrittenWithZerosBeforeIt() {
    XCTAssertEqual(Base62.encode([0, 62], width: 3), "010")
    XCTAssertEqual(Base62.encode([UInt8](repeating: 0xFF, count: 8), width: 11), "LygHa16AHYF")
    // 2²⁵⁶ - 1, as Python's integers have it.
    XCTAssertEqual(
      Base62.encode([UInt8](repeating: 0xFF, count: 32), width: 43),
      "yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1")
  }
}
