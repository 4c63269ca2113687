import API
import Text
import XCTest

final class CursorTests: XCTestCase {
  private let list = Array("list".utf8)
  private let cursors = [
    Cursor(key: .number(.min), id: .max, passed: 0),
    Cursor(key: .number(757_382_400_000_001), id: 384_036_974_793_916_416, passed: 40),
    Cursor(key: .text(""), id: -1, passed: 1 << 53),
    Cursor(key: .text("https://example.com/ä?q=%20"), id: 1, passed: 1_000_000),
  ]

  func testItComesBackAsItWas() {
    for cursor in cursors {
      XCTAssertEqual(Cursor(cursor.text(of: list), of: list), cursor)
    }
  }

  /// A seal is a hash, so one of 64 would begin with a hyphen.
  func testNoCommandTakesItForAnOption() {
    for id in 0..<1000 {
      let text = Cursor(key: .number(0), id: Int64(id), passed: 0).text(of: list)
      XCTAssertEqual(text.first?.isLetter, true, text)
    }
  }

  func testAnotherListDoesNotTakeIt() {
    for cursor in cursors {
      let text = cursor.text(of: list)
      XCTAssertNil(Cursor(text, of: list + [0]))
      XCTAssertNil(Cursor(text, of: Array(list.dropLast())))
      XCTAssertNil(Cursor(text, of: []))
    }
  }

  func testOneThatWasCutOrChangedAnywhereIsNone() {
    for cursor in cursors {
      let text = cursor.text(of: list)
      for count in 0..<text.count { XCTAssertNil(Cursor(String(text.prefix(count)), of: list)) }
      XCTAssertNil(Cursor(text + "A", of: list))
      XCTAssertNil(Cursor(text + "AAAA", of: list))
      let characters = Array(text)
      for place in characters.indices {
        var changed = characters
        changed[place] = changed[place] == "A" ? "B" : "A"
        XCTAssertNil(Cursor(String(changed), of: list), "\(place)")
      }
    }
  }

  /// A client that knows how seals are made can make one, so its content is checked for PostgreSQL.
  func testUnderAGoodSealAKeyIsText() throws {
    for bad: [UInt8] in [[0], [0xFF], [0xC3], Array("a\0b".utf8)] {
      XCTAssertNil(Cursor(sealed([UInt8](repeating: 0, count: 16) + [0x74] + bad), of: list))
    }
    let negative = [UInt8](repeating: 0xFF, count: 8) + [UInt8](repeating: 0, count: 8)
    XCTAssertNil(Cursor(sealed(negative + [0x74, 0x61]), of: list))
    let enormous = Cursor(key: .text(""), id: 1, passed: .max)
    XCTAssertNil(Cursor(enormous.text(of: list), of: list), "no more rows can be added to it")
    XCTAssertNil(Cursor(sealed([UInt8](repeating: 0, count: 16) + [0x6E, 1]), of: list))
    let good = Cursor(sealed([UInt8](repeating: 0, count: 16) + [0x74, 0x61]), of: list)
    XCTAssertEqual(good, Cursor(key: .text("a"), id: 0, passed: 0))
  }

  private func sealed(_ content: [UInt8]) -> String {
    let count = withUnsafeBytes(of: Int64(list.count).bigEndian, Array.init)
    let seal = SipHash.hash(count + list + content)
    return "c" + Base64URL.text(of: withUnsafeBytes(of: seal.bigEndian, Array.init) + content)
  }
}
