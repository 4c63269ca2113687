import Foundation
import TestSupport
import XCTest

/// Visitors without a link, through nginx: where they are sent, and how they are counted.
final class MissSiteTests: XCTestCase {
  private let domain = "miss-\(UUID().uuidString.lowercased()).example"

  private func get(
    _ http: HTTPClient, _ path: String, host: String, _ fields: String = ""
  ) throws -> HTTPClient.Answer {
    try http.exchange(
      Array("GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\(fields)Connection: close\r\n\r\n".utf8))
  }

  /// Waits until every worker sends visitors of a path there, or nowhere.
  private func assertEveryWorkerLeads(
    _ keyed: KeyedSite, _ path: String, to place: String?, line: UInt = #line
  ) throws {
    var last = ""
    let isSeen = try eventually(seconds: 20) {
      try (0..<15).allSatisfy { _ in
        let answer = try get(keyed.site.http, path, host: domain)
        last = "\(answer.status) \(answer["location"] ?? "")"
        return answer["location"] == place && answer.status == (place == nil ? 404 : 302)
      }
    }
    XCTAssertTrue(isSeen, "some worker answers \(last)", line: line)
  }

  private func set(_ keyed: KeyedSite, _ members: String) throws {
    let set = try keyed.request(
      "PATCH", "/domains/redirects", #"{"domain":"\#(domain)",\#(members)}"#)
    XCTAssertEqual(set.status, 200, set.text)
  }

  func testEveryWorkerSendsADomainsVisitorsWithoutALinkWhereItSays() throws {
    let keyed = try KeyedSite()
    try assertEveryWorkerLeads(keyed, "/nothing", to: nil)
    try set(
      keyed,
      #"""
      "baseUrlRedirect":"https://example.com/base",
      "regular404Redirect":"https://example.com/{DOMAIN}{ORIGINAL_PATH}",
      "invalidShortUrlRedirect":"https://example.com/?at={ORIGINAL_PATH}"
      """#)
    try assertEveryWorkerLeads(keyed, "/", to: "https://example.com/base")
    try assertEveryWorkerLeads(keyed, "/a/b", to: "https://example.com/\(domain)/a/b")
    try assertEveryWorkerLeads(keyed, "/nothing", to: "https://example.com/?at=%2Fnothing")
    for path in ["/", "/a/b", "/nothing"] {
      let answer = try get(keyed.site.http, path, host: domain)
      XCTAssertEqual(answer["cache-control"], "no-store", path)
      XCTAssertEqual(answer.all("location").count, 1, path)
      XCTAssertEqual(answer.all("x-request-id").count, 1, path)
      XCTAssertNil(try get(keyed.site.http, path, host: "else.example")["location"], path)
    }
    try set(keyed, #""invalidShortUrlRedirect":null,"baseUrlRedirect":"https://example.com/2""#)
    try assertEveryWorkerLeads(keyed, "/nothing", to: nil)
    try assertEveryWorkerLeads(keyed, "/", to: "https://example.com/2")
    try assertEveryWorkerLeads(keyed, "/a/b", to: "https://example.com/\(domain)/a/b")
  }

  /// Where it leads tells whether there is a link.
  func testWhoGuessesCodesWaitsAlsoWhereTheDomainSendsVisitorsElsewhere() throws {
    let keyed = try KeyedSite()
    try set(keyed, #""invalidShortUrlRedirect":"https://example.com/none""#)
    try assertEveryWorkerLeads(keyed, "/guess", to: "https://example.com/none")
    let limited = try LimitedSite(["LIMIT_UNKNOWN": "1", "LIMIT_CONNECTIONS": "8"])
    let first = try get(limited.http, "/guess", host: domain)
    XCTAssertEqual(first.status, 302)
    let scan = try (1...8).map { number in
      let socket = try Socket(port: limited.http.port)
      try socket.send(
        Array("GET /g\(number) HTTP/1.1\r\nHost: \(domain)\r\nConnection: close\r\n\r\n".utf8))
      return socket
    }
    XCTAssertTrue(
      try eventually(seconds: 10) { try get(limited.http, "/guess", host: domain).status == 429 })
    XCTAssertEqual(scan.count, 8)
  }

  // MARK: - Visits

  private func totals(_ keyed: KeyedSite) throws -> (all: Int, people: Int) {
    let answer = try keyed.request("GET", "/visits")
    XCTAssertEqual(answer.status, 200, answer.text)
    let orphans = try answer.json["visits"]["orphanVisits"]
    return (try orphans["total"].number, try orphans["nonBots"].number)
  }

  func testVisitsWithoutALinkAreListedByTypeAndCountedApart() throws {
    let keyed = try KeyedSite()
    try keyed.site.waitForClicksUnderWay()
    let before = try totals(keyed)
    let mark = UUID().uuidString
    let agent =
      "User-Agent: Mozilla/5.0 Firefox/140.0 \(mark)\r\nReferer: https://from.example/\r\n"
    let host = keyed.site.baseURL.replacingOccurrences(of: "http://", with: "")
    let http = keyed.site.http
    for path in ["/", "/a/b\"\(mark)", "/\(mark)?x=1"] {
      XCTAssertEqual(try get(http, path, host: host, agent).status, 404, path)
    }
    XCTAssertEqual(try get(http, "/\(mark)", host: host, "Sec-Purpose: prefetch\r\n").status, 404)
    XCTAssertEqual(try http.request("HEAD", "/\(mark)").status, 404)
    XCTAssertEqual(try http.request("POST", "/a/\(mark)").status, 404)
    XCTAssertTrue(try eventually(seconds: 60) { try totals(keyed).all >= before.all + 3 })
    try keyed.site.waitForClicksUnderWay()
    XCTAssertEqual(try totals(keyed).all, before.all + 3)
    XCTAssertEqual(try totals(keyed).people, before.people + 3)
    for (type, path) in [
      ("base_url", "/"), ("regular_404", "/a/b%22\(mark)"), ("invalid_short_url", "/\(mark)"),
    ] {
      let list = try keyed.request("GET", "/visits/orphan?type=\(type)")
      let visits = try list.json["visits"]["data"].elements.filter {
        try $0["userAgent"].text.hasSuffix(mark)
      }
      XCTAssertEqual(visits.count, 1, list.text)
      let visit = try XCTUnwrap(visits.first)
      XCTAssertEqual(try visit["type"].text, type)
      XCTAssertEqual(try visit["visitedUrl"].text, keyed.site.baseURL + path)
      XCTAssertEqual(try visit["referer"].text, "https://from.example/")
    }
  }

  // MARK: - The pixel

  func testTheTrackingPixelCountsAVisitOfALinkAndIsThereForAnyName() throws {
    let keyed = try KeyedSite()
    let http = keyed.site.http
    let code = try keyed.site.shorten("https://example.com/pixel")
    let person = [("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0")]
    func assertPixel(_ answer: HTTPClient.Answer, line: UInt = #line) {
      XCTAssertEqual(answer.status, 200, answer.text, line: line)
      XCTAssertEqual(answer["content-type"], "image/gif", line: line)
      XCTAssertEqual(answer.all("cache-control"), ["no-store"], line: line)
      XCTAssertEqual(answer.all("x-request-id").count, 1, line: line)
      XCTAssertNil(answer["location"], line: line)
    }
    var images: [[UInt8]] = []
    for path in [
      "/\(code)/track", "/\(code)/track?x=1", "/\(code)/%74rack", "/none-\(code)/track",
    ] {
      let answer = try http.get(path, person)
      assertPixel(answer)
      images.append(answer.body)
    }
    for image in images { XCTAssertTrue(image.starts(with: Array("GIF89a\u{1}\0\u{1}\0".utf8))) }
    assertPixel(try http.request("HEAD", "/\(code)/track"))
    assertProblem(try http.get("/a/\(code)/track"), 404)
    XCTAssertEqual(try http.request("POST", "/\(code)/track").status, 405)
    let stats = try keyed.site.stats(code, clicks: 3)
    try keyed.site.waitForClicksUnderWay()
    XCTAssertEqual(try keyed.site.stats(code, clicks: 3)["total_clicks"].number, 3)
    XCTAssertEqual(try stats["human_clicks"].number, 3)
    let taken = try keyed.request("PATCH", "/short-urls/\(code)", #"{"enabled":false}"#)
    XCTAssertEqual(taken.status, 200, taken.text)
    XCTAssertTrue(try eventually(seconds: 20) { try http.get("/\(code)").status == 410 })
    assertPixel(try http.get("/\(code)/track", person))
  }
}
