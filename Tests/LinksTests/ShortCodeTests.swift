import Links
import Text
import XCTest

final class ShortCodeTests: XCTestCase {
  func testACodeIsOneToThirtyTwoCharactersOfTheAlphabet() {
    XCTAssertEqual(ShortCode("aZ09")?.description, "aZ09")
    XCTAssertNotNil(ShortCode(String(repeating: "a", count: 32)))
    for text in ["", String(repeating: "a", count: 33), "a-b", "a%2f", "..", "a\r\nb", "ä", "a\0"] {
      XCTAssertNil(ShortCode(text), text.debugDescription)
    }
  }

  func testACodeOfAnIdNamesItsParts() throws {
    let id = SnowflakeID(timestamp: 91_234_567_890, worker: 1023, sequence: 4095)
    XCTAssertEqual(id.timestamp, 91_234_567_890)
    XCTAssertEqual(id.worker, 1023)
    XCTAssertEqual(id.sequence, 4095)
    XCTAssertEqual(Base62.decode(ShortCode(id).description.utf8), UInt64(id.rawValue))
  }
}
