import Text
import XCTest

final class HexadecimalTests: XCTestCase {
  func testOfAllBytesTheDigitsOfEitherCaseHaveAValue() {
    for byte in UInt8.min...UInt8.max {
      let digit = byte < 0x80 ? Character(Unicode.Scalar(byte)).hexDigitValue : nil
      XCTAssertEqual(UInt8(hexDigit: byte).map { Int($0) }, digit, "\(byte)")
    }
  }

  func testSixteenDigitsAtAPointerAreReadLikeOneAfterTheOther() {
    let digits = Array("0123456789abcdef".utf8)
    for place in 0..<16 {
      for byte in UInt8.min...UInt8.max {
        var text = digits
        text[place] = byte
        let read = text.withUnsafeBufferPointer {
          $0.baseAddress.flatMap(UInt64.init(hexDigitsAt:))
        }
        XCTAssertEqual(read, UInt64(hexDigits: text), "\(byte) at \(place)")
      }
    }
    XCTAssertEqual(
      Array("FEDCBA9876543210".utf8).withUnsafeBufferPointer {
        $0.baseAddress.flatMap(UInt64.init(hexDigitsAt:))
      }, 0xFEDC_BA98_7654_3210)
  }

  func testAWordIsReadAsItIsWritten() {
    for word: UInt64 in [0, 1, 0x0123_4567_89AB_CDEF, .max] {
      var digits = [UInt8](repeating: 0, count: 16)
      digits.withUnsafeMutableBufferPointer { room in
        guard let start = room.baseAddress else { return }
        word.writeHexDigits(to: start)
      }
      XCTAssertEqual(UInt64(hexDigits: digits), word)
      XCTAssertNil(UInt64(hexDigits: digits.dropLast()))
    }
  }
}
