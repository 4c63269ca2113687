import Links
import XCTest

final class QueryForwardingTests: XCTestCase {
  private func forwarded(_ query: String, to url: String) -> String {
    Array(query.utf8).withUnsafeBufferPointer {
      DestinationURL(unchecked: url).forwarding($0).description
    }
  }

  func testAVisitorsParametersFollowTheDestinations() {
    for (url, query, result) in [
      ("https://e.org/", "", "https://e.org/"),
      ("https://e.org/", "&&", "https://e.org/"),
      ("https://e.org/", "a=b", "https://e.org/?a=b"),
      ("https://e.org/?", "a=b", "https://e.org/?a=b"),
      ("https://e.org/#f?x", "a=b", "https://e.org/?a=b#f?x"),
      ("https://e.org/?some=thing", "foo=bar", "https://e.org/?some=thing&foo=bar"),
      ("https://e.org/?some=thing#f", "foo=bar&x", "https://e.org/?some=thing&foo=bar&x#f"),
      ("https://e.org/?a?b=c", "d=?", "https://e.org/?a?b=c&d=?"),
    ] {
      XCTAssertEqual(forwarded(query, to: url), result, "\(url) and \(query)")
    }
  }

  func testAVisitorsValueTakesThePlaceOfTheDestinations() {
    for (url, query, result) in [
      ("https://e.org/?a=1&b=2", "a=3&c=4", "https://e.org/?a=3&b=2&c=4"),
      ("https://e.org/?a=1&a=2&b=2", "a=3", "https://e.org/?a=3&b=2"),
      ("https://e.org/?a=1&b=2", "a=3&a=4", "https://e.org/?a=3&a=4&b=2"),
      ("https://e.org/?a=1", "a", "https://e.org/?a"),
      ("https://e.org/?%61+b=1", "a%20b=2", "https://e.org/?a%20b=2"),
      ("https://e.org/?A=1", "a=2", "https://e.org/?A=1&a=2"),
      ("https://e.org/?a[]=1", "a[]=2", "https://e.org/?a[]=2"),
    ] {
      XCTAssertEqual(forwarded(query, to: url), result, "\(url) and \(query)")
    }
  }

  func testWhatCannotStandInALocationIsEncoded() {
    XCTAssertEqual(
      forwarded("a=\u{FC} \"<>#\r\nX: 1\u{0}\u{7F}&%", to: "https://e.org/"),
      "https://e.org/?a=%C3%BC%20%22%3C%3E%23%0D%0AX:%201%00%7F&%")
  }

  func testWhatIsTooLongOrTooManyIsNotAdded() {
    let url = "https://e.org/?a=1"
    let room = DestinationURL.maximumLength - url.utf8.count - 1
    let fits = String(repeating: "x", count: room)
    XCTAssertEqual(forwarded(fits, to: url), url + "&" + fits)
    XCTAssertEqual(forwarded(fits + "x", to: url), url)
    let many = Array(repeating: "b", count: DestinationURL.maximumForwarded)
    XCTAssertEqual(
      forwarded(many.joined(separator: "&"), to: url), url + "&" + many.joined(separator: "&"))
    XCTAssertEqual(forwarded((many + ["b"]).joined(separator: "&"), to: url), url)
  }

  func testARuleLooksAtTheFirstBytesOfAQueryOnly() {
    func value(behind count: Int) -> String? {
      let query = String(repeating: "x", count: count) + "&a=1"
      return Array(query.utf8).withUnsafeBufferPointer {
        QueryParameter("a").value(in: $0).map { String(decoding: $0, as: UTF8.self) }
      }
    }
    XCTAssertEqual(value(behind: QueryParameter.longestQuery - 4), "1")
    XCTAssertNil(value(behind: QueryParameter.longestQuery))
  }
}
