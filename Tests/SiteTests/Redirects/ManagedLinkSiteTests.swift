import Foundation
import TestSupport
import XCTest

/// Links whose redirect depends on more than their name, whichever worker they meet.
final class ManagedLinkSiteTests: XCTestCase {
  private static let firefox = [
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
  ]

  private func slug() -> String { "m-" + UUID().uuidString.lowercased() }

  /// Makes a link of a slug with these other members of JSON.
  private func make(_ keyed: KeyedSite, _ slug: String, _ members: String) throws {
    let made = try keyed.request(
      "POST", "/short-urls", #"{"customSlug":"\#(slug)",\#(members)}"#)
    XCTAssertEqual(made.status, 200, made.text)
  }

  private func edit(_ keyed: KeyedSite, _ name: String, _ members: String) throws {
    let edited = try keyed.request("PATCH", "/short-urls/" + name, "{\(members)}")
    XCTAssertEqual(edited.status, 200, edited.text)
  }

  /// Waits until no worker answers otherwise.
  private func assertEveryWorkerAnswers(
    _ status: Int, _ location: String? = nil, line: UInt = #line,
    _ ask: () throws -> HTTPClient.Answer
  ) throws {
    var last = ""
    let isSeen = try eventually(seconds: 20) {
      try (0..<15).allSatisfy { _ in
        let answer = try ask()
        last = "\(answer.status) \(answer["location"] ?? "")"
        return answer.status == status && answer["location"] == location
      }
    }
    XCTAssertTrue(isSeen, "some worker answers \(last)", line: line)
  }

  // MARK: - Dates

  func testALinkIsNotFoundBeforeItIsValidAndGoneAfterwards() throws {
    let keyed = try KeyedSite()
    let (slug, url) = (slug(), "https://example.com/dates")
    try make(keyed, slug, #""longUrl":"\#(url)","validSince":"2099-01-01T00:00:00+01:00""#)
    let get = { try keyed.site.http.get("/" + slug) }
    try assertEveryWorkerAnswers(404, nil, get)
    let early = try get()
    assertProblem(early, 404)
    XCTAssertEqual(early["cache-control"], "no-store")
    try edit(
      keyed, slug, #""validSince":"2020-01-01T00:00:00Z","validUntil":"2099-01-01T00:00:00Z""#)
    try assertEveryWorkerAnswers(301, url, get)
    XCTAssertEqual(try get()["cache-control"], "no-store")
    try edit(keyed, slug, #""validUntil":"2021-01-01T00:00:00Z""#)
    try assertEveryWorkerAnswers(410, nil, get)
    let late = try get()
    assertProblem(late, 410)
    XCTAssertEqual(late["cache-control"], "no-store")
  }

  // MARK: - Queries

  func testTheVisitorsQueryIsAddedAndTheVisitorsValueIsUsed() throws {
    let keyed = try KeyedSite()
    let (plain, managed, exact) = (slug(), slug(), slug())
    let url = "https://example.com/q?x=1&y=2#f"
    try make(keyed, plain, #""longUrl":"\#(url)""#)
    try make(keyed, managed, #""longUrl":"\#(url)","validUntil":"2099-01-01T00:00:00Z""#)
    try make(keyed, exact, #""longUrl":"\#(url)","forwardQuery":false"#)
    let cases = [
      ("", url), ("?", url), ("?x=9&z=%7E", "https://example.com/q?x=9&y=2&z=%7E#f"),
      ("?y", "https://example.com/q?x=1&y#f"),
      ("?a[]=1&a[]=2", "https://example.com/q?x=1&y=2&a[]=1&a[]=2#f"),
    ]
    for (query, expected) in cases {
      for slug in [plain, managed] {
        try assertEveryWorkerAnswers(301, expected) { try keyed.site.http.get("/" + slug + query) }
      }
      try assertEveryWorkerAnswers(301, url) { try keyed.site.http.get("/" + exact + query) }
    }
  }

  // MARK: - Domains

  /// A request to another host than that of `BASE_URL`.
  private func get(_ keyed: KeyedSite, _ host: String, _ slug: String) throws -> HTTPClient.Answer {
    try keyed.site.http.exchange(
      Array("GET /\(slug) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8))
  }

  func testEachDomainHasItsOwnLinksAndOtherHostsHaveThoseOfTheDefaultOne() throws {
    let keyed = try KeyedSite()
    let (slug, host) = (slug(), "go-\(UInt32.random(in: 0 ... .max)).example")
    let (own, common) = ("https://example.com/own", "https://example.com/common")
    // All workers know that the host is no domain.
    try assertEveryWorkerAnswers(404) { try get(keyed, host, slug) }
    try make(keyed, slug, #""longUrl":"\#(own)","domain":"\#(host)""#)
    for spelling in [host, host.uppercased(), host + ":8080", host + "."] {
      try assertEveryWorkerAnswers(301, own) { try get(keyed, spelling, slug) }
    }
    try assertEveryWorkerAnswers(404) { try keyed.site.http.get("/" + slug) }
    try assertEveryWorkerAnswers(404) { try get(keyed, "none.example", slug) }
    try make(keyed, slug, #""longUrl":"\#(common)""#)
    try assertEveryWorkerAnswers(301, common) { try keyed.site.http.get("/" + slug) }
    try assertEveryWorkerAnswers(301, common) { try get(keyed, "none.example", slug) }
    try edit(keyed, "\(slug)?domain=\(host)", #""longUrl":"\#(own)/2""#)
    try assertEveryWorkerAnswers(301, own + "/2") { try get(keyed, host, slug) }
    let deleted = try keyed.request("DELETE", "/short-urls/\(slug)?domain=\(host)")
    XCTAssertEqual(deleted.status, 204, deleted.text)
    try assertEveryWorkerAnswers(410) { try get(keyed, host, slug) }
    try assertEveryWorkerAnswers(301, common) { try keyed.site.http.get("/" + slug) }
  }

  func testADomainsVisitorsHaveTheLinksOfTheDefaultDomainBehindItsOwn() throws {
    let keyed = try KeyedSite()
    let (slug, host) = (slug(), "go-\(UInt32.random(in: 0 ... .max)).example")
    try make(keyed, self.slug(), #""longUrl":"https://example.com/other","domain":"\#(host)""#)
    try make(keyed, slug, #""longUrl":"https://example.com/common""#)
    try assertEveryWorkerAnswers(301, "https://example.com/common") { try get(keyed, host, slug) }
  }

  // MARK: - Limits

  func testALimitOfVisitsIsSpentByPeopleAloneAndARaisedOneIsSeen() throws {
    let keyed = try KeyedSite()
    let (slug, url) = (slug(), "https://example.com/few")
    try make(keyed, slug, #""longUrl":"\#(url)","maxVisits":2"#)
    let http = keyed.site.http
    let person = { try http.get("/" + slug, Self.firefox).status }
    for _ in 1...3 {
      XCTAssertEqual(try http.request("HEAD", "/" + slug, Self.firefox).status, 301)
      XCTAssertEqual(try http.get("/" + slug, [("User-Agent", "curl/8.5.0")]).status, 301)
      XCTAssertEqual(
        try http.get("/" + slug, Self.firefox + [("Sec-Purpose", "prefetch")]).status, 301)
    }
    XCTAssertEqual([try person(), try person()], [301, 301])
    try assertEveryWorkerAnswers(410) { try http.get("/" + slug, Self.firefox) }
    try assertEveryWorkerAnswers(410) { try http.get("/" + slug, [("User-Agent", "curl/8.5.0")]) }
    assertProblem(try http.get("/" + slug, Self.firefox), 410)
    // What was spent stays spent.
    for limit in [1, 3] { try edit(keyed, slug, #""maxVisits":\#(limit)"#) }
    XCTAssertTrue(try eventually(seconds: 20) { try person() == 301 })
    try assertEveryWorkerAnswers(410) { try http.get("/" + slug, Self.firefox) }
    try edit(keyed, slug, #""maxVisits":null"#)
    try assertEveryWorkerAnswers(301, url) { try http.get("/" + slug, Self.firefox) }
  }
}
