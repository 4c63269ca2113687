import XCTest

@testable import Hashing

final class SHA256Tests: XCTestCase {
  func testTheHashIsThatOfTheStandard() {
    let abc = SHA256(of: Array("abc".utf8))
    XCTAssertEqual(abc.bytes.prefix(4), [0xBA, 0x78, 0x16, 0xBF])
    XCTAssertEqual(abc.bytes.suffix(4), [0xF2, 0x00, 0x15, 0xAD])
    XCTAssertEqual(SHA256(of: []).bytes.prefix(4), [0xE3, 0xB0, 0xC4, 0x42])
  }

  func testHashesAreEqualWhenAllTheirBytesAre() throws {
    let hash = SHA256(of: [1])
    XCTAssertEqual(SHA256(stored: hash.bytes), hash)
    for index in hash.bytes.indices {
      var bytes = hash.bytes
      bytes[index] ^= 1
      XCTAssertNotEqual(try XCTUnwrap(SHA256(stored: bytes)), hash)
    }
    XCTAssertNil(SHA256(stored: hash.bytes.dropLast()))
    XCTAssertNil(SHA256(stored: hash.bytes + [0]))
  }

  func testRandomBytesAreAsManyAsWantedAndDiffer() {
    XCTAssertEqual(RandomBytes.make(1).count, 1)
    XCTAssertEqual(RandomBytes.make(256).count, 256)
    XCTAssertNotEqual(RandomBytes.make(32), RandomBytes.make(32))
  }
}
