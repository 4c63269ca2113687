import Text
import XCTest

final class Base64URLTests: XCTestCase {
  func testTheExamplesOfItsSpecification() {
    for (bytes, text) in [
      ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
      ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
    ] {
      XCTAssertEqual(Base64URL.text(of: Array(bytes.utf8)), text)
      XCTAssertEqual(Base64URL.bytes(of: text), Array(bytes.utf8))
    }
    XCTAssertEqual(Base64URL.text(of: [0xFB, 0xFF, 0xFE]), "-__-")
  }

  func testEveryByteComesBackWhereverItStands() {
    for byte in UInt8.min...UInt8.max {
      for bytes in [[byte], [1, byte], [1, 2, byte], [1, 2, 3, byte]] {
        XCTAssertEqual(Base64URL.bytes(of: Base64URL.text(of: bytes)), bytes)
      }
    }
  }

  func testBytesHaveOneText() {
    for text in ["Z", "Zh", "Zm9", "Zg==", "Zm9v\n", "Zm+v", "Zm/v", "Zm9vZ", " Zg", "Zgé"] {
      XCTAssertNil(Base64URL.bytes(of: text), text)
    }
  }
}
