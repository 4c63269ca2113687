import XCTest

@testable import Text

final class CRC32Tests: XCTestCase {
  func testTheChecksumIsThatOfTheStandard() {
    XCTAssertEqual(CRC32.checksum("123456789".utf8), 0xCBF4_3926)
    XCTAssertEqual(CRC32.checksum("".utf8), 0)
  }
}
