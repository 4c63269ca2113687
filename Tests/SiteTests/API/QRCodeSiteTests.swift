import Foundation
import QRCode
import TestSupport
import XCTest

/// The QR code of a link, as anybody can have it.
final class QRCodeSiteTests: XCTestCase {
  func testALinkHasAnImageInBothFormatsThatCachesMayKeep() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/qr")
    let png = try site.http.get("/\(code)/qr-code")
    XCTAssertEqual(png.status, 200)
    XCTAssertEqual(png["content-type"], "image/png")
    XCTAssertEqual(png["cache-control"], "public, max-age=86400")
    XCTAssertEqual(png["x-content-type-options"], "nosniff")
    let svg = try site.http.get("/\(code)/qr-code?format=svg&size=200&margin=10&color=ff0000")
    XCTAssertEqual(svg["content-type"], "image/svg+xml")
    XCTAssertTrue(svg.text.contains(#"width="220""#) && svg.text.contains("#ff0000"))
    let strong = try site.http.get("/\(code)/qr-code?format=svg&errorCorrection=H")
    XCTAssertNotEqual(strong.text, try site.http.get("/\(code)/qr-code?format=svg").text)
    let head = try site.http.request("HEAD", "/\(code)/qr-code")
    XCTAssertEqual(head.status, 200)
    XCTAssertEqual(head.text, "")
  }

  func testADisabledLinkHasOneAndADeletedOrUnknownOneHasNone() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/qr")
    let swiftlet = TestStack.programs.appendingPathComponent("swiftlet").path
    for (word, status) in [("disable", 200), ("delete", 404)] {
      let isDone = try eventually(seconds: 60) {
        try Command.run(swiftlet, ["link", word, code]).status == 0
      }
      XCTAssertTrue(isDone)
      XCTAssertEqual(try site.http.get("/\(code)/qr-code").status, status, word)
    }
    let unknown = try site.http.get("/nothing/qr-code")
    assertProblem(unknown, 404)
    XCTAssertEqual(
      try unknown.json["type"].text, "urn:problem-type:swiftlet:short-url-not-found")
    XCTAssertEqual(try site.http.get("/a/b/qr-code").status, 404)
    XCTAssertEqual(try site.http.request("POST", "/\(code)/qr-code").status, 405)
  }

  /// The image of a URL as it is drawn without parameters.
  private func image(of url: String) throws -> String {
    let drawing = QRDrawing(
      try QRSymbol(url, .low), size: 300, margin: 0, color: .black, background: .white)
    return String(decoding: drawing.svg, as: UTF8.self)
  }

  func testTheURLIsOfTheLinksDomainWhateverHostIsAsked() throws {
    let keyed = try KeyedSite()
    let site = keyed.site
    let (slug, other) = ("qr-" + UUID().uuidString.lowercased(), "qr.example")
    func assertURL(_ url: String, _ code: String, _ host: String, line: UInt = #line) throws {
      let answer = try site.http.get("/\(code)/qr-code?format=svg", [("Host", host)])
      XCTAssertEqual(answer.status, 200, line: line)
      XCTAssertEqual(answer.text, try image(of: url), line: line)
    }
    let code = try site.shorten("https://example.com/qr")
    for host in ["stranger.example", "203.0.113.7", other] {
      try assertURL("\(site.baseURL)/\(code)", code, host)
    }
    let made = try keyed.request(
      "POST", "/short-urls",
      #"{"longUrl":"https://example.com/1","customSlug":"\#(slug)","domain":"\#(other)"}"#)
    XCTAssertEqual(made.status, 200, made.text)
    let url = try made.json["shortUrl"].text
    XCTAssertTrue(url.contains("//\(other)"), url)
    try assertURL(url, slug, other)
    try assertURL(url, slug, "QR.example.:8080")
    XCTAssertEqual(try site.http.get("/\(slug)/qr-code").status, 404)
    let named = try site.http.get("/\(slug)/qr-code?format=svg&domain=\(other)")
    XCTAssertEqual(named.text, try image(of: url))
    XCTAssertEqual(try site.http.get("/\(code)/qr-code?domain=\(other)").status, 404)
    XCTAssertEqual(
      try keyed.request("DELETE", "/short-urls/\(slug)?domain=\(other)").status, 204)
  }

  func testRequestsWithAnyKeyAreCountedToo() throws {
    let site = try LimitedSite(["LIMIT_REST": "1"])
    let code = try Site().shorten("https://example.com/qr")
    var statuses: [Int] = []
    while statuses.last != 429, statuses.count < 400 {
      let field = [("X-Api-Key", "x"), ("Authorization", "Bearer x"), ("X-Other", "x")]
      statuses.append(
        try site.http.request("HEAD", "/\(code)/qr-code", [field[statuses.count % 3]]).status)
    }
    XCTAssertEqual(statuses.last, 429)
    XCTAssertEqual(Set(statuses.dropLast()), [200])
    XCTAssertEqual(try site.http.get("/\(code)").status, 301)
  }

  func testAWrongStyleIsRefused() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/qr")
    for query in [
      "size=49", "size=1001", "size=x", "margin=-1", "margin=201", "format=gif",
      "errorCorrection=X", "color=red", "bgColor=%23ggg",
    ] {
      assertProblem(try site.http.get("/\(code)/qr-code?\(query)"), 422)
    }
  }
}
