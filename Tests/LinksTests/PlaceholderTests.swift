import Links
import XCTest

/// The expectations are Shlink's, of its resolver of redirects.
final class PlaceholderTests: XCTestCase {
  private func filled(
    _ url: String, domain: String = "s.example", path: String = "/a/b"
  ) -> String? {
    Array(path.utf8).withUnsafeBufferPointer {
      DestinationURL(unchecked: url).filled(domain: domain, path: $0)?.description
    }
  }

  func testPathAndQueryHaveTheVisitedDomainAndPath() {
    for (url, result) in [
      ("https://e.org/", "https://e.org/"),
      ("https://e.org//x//y?a=//", "https://e.org//x//y?a=//"),
      ("https://e.org/{DOMAIN}", "https://e.org/s.example"),
      ("https://e.org/{ORIGINAL_PATH}", "https://e.org/a/b"),
      ("https://e.org/p{ORIGINAL_PATH}/", "https://e.org/p/a/b/"),
      ("https://e.org/{DOMAIN}/{ORIGINAL_PATH}?q", "https://e.org/s.example/a/b?q"),
      (
        "https://e.org/?from={DOMAIN}&at={ORIGINAL_PATH}",
        "https://e.org/?from=s.example&at=%2Fa%2Fb"
      ),
      ("https://e.org?at=%7BORIGINAL_PATH%7d", "https://e.org?at=%2Fa%2Fb"),
      ("https://e.org/%7bDOMAIN%7D", "https://e.org/s.example"),
      ("https://e.org/x#{DOMAIN}", "https://e.org/x#{DOMAIN}"),
      ("https://e.org/{domain}/{DOMAIN/%7BDOMAIN", "https://e.org/{domain}/{DOMAIN/%7BDOMAIN"),
    ] {
      XCTAssertEqual(filled(url), result, url)
    }
    XCTAssertEqual(
      filled("https://e.org/?{DOMAIN}", domain: "s.example:8080"),
      "https://e.org/?s.example%3A8080")
  }

  func testWhateverIsVisitedItStaysAURLOfTheSameHost() {
    for (path, result) in [
      ("//evil.example", "https://e.org//evil.example"),
      ("/%2e%2E/", "https://e.org/%2e%2E/"),
      ("/a\"<>\\^`{|}\u{FC}", "https://e.org/a%22%3C%3E%5C%5E%60%7B%7C%7D%C3%BC"),
      ("/a#b", "https://e.org/a%23b"),
      ("/{DOMAIN}", "https://e.org/%7BDOMAIN%7D"),
    ] {
      XCTAssertEqual(filled("https://e.org/{ORIGINAL_PATH}", path: path), result, path)
    }
  }

  func testAURLThatWouldBeTooLongIsNone() {
    let path = "/" + String(repeating: "a", count: 4_000)
    let twice = "https://e.org/{ORIGINAL_PATH}{ORIGINAL_PATH}"
    XCTAssertEqual(filled(twice, path: path)?.count, 8_015)
    XCTAssertNil(filled(twice + "{ORIGINAL_PATH}", path: path))
    let many = String(repeating: "{ORIGINAL_PATH}", count: 500)
    XCTAssertNil(filled("https://e.org/?" + many, path: path))
  }
}
