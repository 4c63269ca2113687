import XCTest

@testable import Titles

/// What counts as the title of a page.
final class PageTitleTests: XCTestCase {
  private func title(_ page: String, _ contentType: String? = nil) -> String? {
    PageTitle.find(in: Array(page.utf8), contentType: contentType)
  }

  func testTheTextOfTheFirstTitleIsTakenWithItsBlanksMadeOne() {
    for (page, expected) in [
      ("<html><head><title>A page</title><title>B</title></head>", "A page"),
      ("<TITLE\n lang=en>  A\r\n\t page\u{A0} of\u{2003}mine \n</TITLE >", "A page of mine"),
      (
        "<title>A &amp; B &lt;c&gt; &#8212; &#x41;&eacute;&nbsp;&hellip;</title>",
        "A & B <c> — Aé …"
      ),
      ("<title>R&D &unknown; &#xD800; &#0; &</title>", "R&D &unknown; &#xD800; &#0; &"),
      ("<title>a\u{0}b\u{1B}[31mc\u{7F}</title>", "a b [31mc"),
      ("<!-- <title>no</title> --><title>yes</title>", "yes"),
      ("<script>var a = '<title>no</title>'</script><title>yes</title>", "yes"),
      ("<STYLE>/* <title>no</title> */</STYLE><title>yes</title>", "yes"),
      ("<titles>no</titles><title>yes</title>", "yes"),
      ("<title>日本語 <b>bold</b></title>", "日本語 <b>bold</b>"),
    ] {
      XCTAssertEqual(title(page), expected, page)
    }
  }

  func testThereIsNoneWhereItIsEmptyOrHasNoEndOrIsInTheBody() {
    for page in [
      "", "<", "<title", "<title>", "<title>never ends", "<title></title>", "<title> \n </title>",
      "<html><body><svg><title>picture</title></svg></body>", "<!-- <title>no</title>",
      "<script><title>no</title>", "<title>&nbsp;&#32;</title>",
    ] {
      XCTAssertNil(title(page), page)
    }
  }

  func testATitleIsCroppedTo512Characters() {
    XCTAssertEqual(
      title("<title>" + String(repeating: "é", count: 600) + "</title>"),
      String(repeating: "é", count: 512))
    // A letter with marks is one character, however many they are.
    let marked = title("<title>a" + String(repeating: "\u{301}", count: 100_000) + "</title>")
    XCTAssertEqual(marked?.unicodeScalars.count, 512)
  }

  func testItsCharactersAreReadAsThePageSaysThatTheyAreWritten() {
    let cyrillic: [UInt8] = [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2]
    let head = "<meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>"
    func page(_ head: String, _ bytes: [UInt8]) -> [UInt8] {
      Array((head + "<title>").utf8) + bytes + Array("</title>".utf8)
    }
    for (bytes, contentType, expected) in [
      (page("", cyrillic), "text/html; charset=Windows-1251", "Привет"),
      (page(head, cyrillic), "text/html", "Привет"),
      (page("<meta charset=\"windows-1251\">", cyrillic), nil, "Привет"),
      (page(head, Array("Привет".utf8)), "text/html; charset=UTF-8", "Привет"),
      (page("", [0x93, 0x61, 0xE9, 0x94]), "text/html; charset=ISO-8859-1", "“aé”"),
      (page("", [0x93, 0xFA, 0x96, 0x7B]), "text/html;charset='shift_jis'", "日本"),
      (page("", [0x61, 0xFF, 0x62]), "text/html; charset=euc-kr", "a\u{FFFD}b"),
      (page("", [0x61, 0xFF, 0x62]), "text/html", "a\u{FFFD}b"),
      (page("", Array("é".utf8)), "text/html; charset=../../evil//TRANSLIT", "é"),
      ([0xEF, 0xBB, 0xBF] + page(head, Array("é".utf8)), nil, "é"),
    ] as [([UInt8], String?, String)] {
      XCTAssertEqual(PageTitle.find(in: bytes, contentType: contentType), expected, expected)
    }
  }

  func testAHostilePageIsReadOnce() {
    let parts = ["<", "<!--", "<title", "<script", "charset=", "&", "&#", "<title>&amp;", "</titl"]
    for part in parts {
      let page = Array(String(repeating: part, count: (512 << 10) / part.utf8.count).utf8)
      XCTAssertNil(PageTitle.find(in: page, contentType: "text/html"), part)
    }
  }
}
