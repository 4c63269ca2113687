import Visitors
import XCTest

final class AcceptLanguageTests: XCTestCase {
  func testATagIsKeptInLowerCaseAndWhatIsNoneIsNot() {
    let cases = [
      ("de", "de"), ("de-CH", "de-ch"), ("zh-Hant-TW", "zh-hant-tw"), ("es-419", "es-419"),
      ("", ""), ("*", ""), ("-de", ""), ("4e", ""), ("d\u{E9}", ""), ("de ", ""), ("de_DE", ""),
      ("abcdefghijkl", ""), ("a\u{0}", ""),
    ]
    for (tag, normal) in cases {
      var (text, found) = (tag, "none")
      text.withUTF8 { bytes in
        AcceptLanguage.withNormalForm(of: bytes) { found = String(decoding: $0, as: UTF8.self) }
      }
      XCTAssertEqual(found, normal, tag)
    }
  }
}
