import Text
import XCTest

final class SipHashTests: XCTestCase {
  /// Of the paper's Appendix A, and the first of the reference's vectors.
  func testItIsTheReferencesFunction() {
    let key = SipHash.Key(low: 0x0706_0504_0302_0100, high: 0x0F0E_0D0C_0B0A_0908)
    let expected: [UInt8: UInt64] = [
      0: 0x726F_DB47_DD0E_0E31, 1: 0x74F8_39C5_93DC_67FD, 2: 0x0D6C_8009_D9A9_4F5A,
      8: 0x93F5_F579_9A93_2462, 15: 0xA129_CA61_49BE_45E5,
    ]
    for (count, hash) in expected {
      XCTAssertEqual(SipHash.hash(Array(0..<count), key: key), hash, "\(count) bytes")
    }
  }

  func testWithoutAKeyItIsClickHouses() {
    XCTAssertEqual(SipHash.hash("abc".utf8), 4_596_069_200_710_135_518)
    XCTAssertEqual(SipHash.hash("".utf8), 2_202_906_307_356_721_367)
    XCTAssertEqual(SipHash.hash("SMtOIjlc3M0123456789".utf8), 9_582_118_184_196_329_850)
  }
}
