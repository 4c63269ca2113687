import Foundation
import TestSupport
import XCTest

/// The site under test, seen as its users see it.
struct Site {
  let http: HTTPClient
  let baseURL: String

  init() throws {
    http = try HTTPClient.site()
    baseURL = try TestStack.value("BASE_URL")
  }

  init(http: HTTPClient, baseURL: String) {
    self.http = http
    self.baseURL = baseURL
  }

  /// Makes a link and gives its code.
  func shorten(_ url: String) throws -> String {
    let answer = try http.post("/shorten", json: #"{"original_url":"\#(url)"}"#)
    XCTAssertEqual(answer.status, 201, answer.text)
    return try answer.json["short_code"].text
  }

  /// The statistics of a code, once they count at least so many clicks.
  ///
  /// These are the clicks in all, by day, and with one of the top referrers: the counts are filled
  /// one after the other.
  func stats(
    _ code: String, clicks: Int, referred: Int = 0, withinSeconds seconds: Double = 30
  ) throws -> JSONAnswer {
    var last: JSONAnswer?
    _ = try eventually(seconds: seconds) {
      let answer = try http.get("/stats/\(code)")
      guard answer.status == 200 else { return false }
      let stats = try answer.json
      last = stats
      return try stats["total_clicks"].number >= clicks
        && Self.sum(stats["clicks_by_day"]) >= clicks
        && Self.sum(stats["top_referrers"]) >= referred
    }
    return try XCTUnwrap(last, "/stats/\(code) gives no statistics")
  }

  /// Waits until each click that was answered by now is stored or given up.
  ///
  /// Once the broker has confirmed all of them, one more click comes behind them in its queue. When
  /// that one is counted, all before it have been.
  func waitForClicksUnderWay(seconds: Double = 60) throws {
    let unconfirmed = "swiftlet_journal_unconfirmed_bytes"
    let isConfirmed = try eventually(seconds: seconds) {
      try http.get("/metrics").text.split(separator: "\n").contains("\(unconfirmed) 0")
    }
    XCTAssertTrue(isConfirmed, "the relay does not publish all clicks")
    let marker = try shorten("https://example.com/marker")
    XCTAssertEqual(try http.get("/\(marker)").status, 301)
    XCTAssertEqual(
      try stats(marker, clicks: 1, withinSeconds: seconds)["total_clicks"].number, 1)
  }

  /// Waits until links can be made and counted again, for those who come after a test's harm.
  func waitUntilWell() throws {
    let canShorten = try eventually(seconds: 90) {
      try http.post("/shorten", json: #"{"original_url":"https://example.com/well"}"#).status == 201
    }
    XCTAssertTrue(canShorten, "no link can be made")
    try waitForClicksUnderWay(seconds: 90)
  }

  private static func sum(_ entries: JSONAnswer) throws -> Int {
    try entries.elements.reduce(0) { try $0 + $1["clicks"].number }
  }
}

/// Asserts that an answer is problem details of this status, with a request id and one answer only.
func assertProblem(
  _ answer: HTTPClient.Answer, _ status: Int, _ note: String = "", file: StaticString = #filePath,
  line: UInt = #line
) {
  XCTAssertEqual(answer.status, status, "\(note) \(answer.text)", file: file, line: line)
  XCTAssertEqual(answer["content-type"], "application/problem+json", note, file: file, line: line)
  XCTAssertEqual(answer.all("x-request-id").count, 1, note, file: file, line: line)
  XCTAssertEqual(try answer.json["status"].number, status, note, file: file, line: line)
  XCTAssertTrue(
    try answer.json["type"].text.hasPrefix("urn:problem-type:swiftlet:"), note, file: file,
    line: line)
  XCTAssertNil(answer["location"], note, file: file, line: line)
}
