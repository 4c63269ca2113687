import Foundation
import TestSupport
import XCTest

/// API keys that people hold: their limits, and what needs no key but takes one.
final class KeyQuotaSiteTests: XCTestCase {
  private static let list = "/rest/v3/short-urls"

  /// Makes a key on the server.
  private func makeKey(_ options: String...) throws -> [(String, String)] {
    let swiftlet = TestStack.programs.appendingPathComponent("swiftlet").path
    let name = "quota-\(UUID().uuidString)"
    var key = ""
    // On a slow machine its connection may come too late for its time limit.
    let isMade = try eventually(seconds: 60) {
      let (status, output) = try Command.run(swiftlet, ["key", "create", name] + options)
      key = output.trimmingCharacters(in: .whitespacesAndNewlines)
      return status == 0
    }
    XCTAssertTrue(isMade, key)
    return [("X-Api-Key", key)]
  }

  func testAKeyMayMakeItsRequestsOfAMinuteAtWhateverWorkersAndNoMore() throws {
    let site = try LimitedSite(["LIMIT_REST": "1", "LIMIT_STATS": "1", "LIMIT_CREATIONS": "1"])
    let key = try makeKey("--rate-limit", "12")
    let answers = try (0..<15).map { turn in
      switch turn % 3 {
      case 0: try site.http.get(Self.list, key)
      case 1: try site.http.get("/stats/zzzz", key)
      default: try site.http.post("/shorten", json: "{}", key)
      }
    }
    XCTAssertEqual(
      answers.map(\.status), (0..<12).map { [200, 404, 422][$0 % 3] } + [429, 429, 429])
    for (turn, answer) in answers.enumerated() {
      XCTAssertEqual(answer["ratelimit-policy"], "\"key\";q=12;w=60", "\(turn)")
      let left = max(0, 11 - turn)
      XCTAssertTrue(
        answer["ratelimit"]?.hasPrefix("\"key\";r=\(left);t=") == true,
        "\(turn): \(answer["ratelimit"] ?? "none")")
    }
    let refused = answers[14]
    assertProblem(refused, 429)
    XCTAssertTrue((1...60).contains(Int(refused["retry-after"] ?? "") ?? 0))
    XCTAssertEqual(refused.all("retry-after").count, 1)

    // Others go on, and so does this one where no key is looked at.
    let other = try makeKey()
    let free = try site.http.get(Self.list, other)
    XCTAssertEqual(free.status, 200)
    XCTAssertNil(free["ratelimit"])
    XCTAssertEqual(try site.http.get("/health", key).status, 200)
  }

  func testAKeysHolderIsHeldToNoLimitOfAddresses() throws {
    let site = try LimitedSite(["LIMIT_REST": "1", "LIMIT_CREATIONS": "1"])
    let key = try makeKey()
    for turn in 0..<150 {
      XCTAssertEqual(try site.http.get(Self.list + "?itemsPerPage=1", key).status, 200, "\(turn)")
    }
    for turn in 0..<40 {
      XCTAssertEqual(
        try site.http.post("/shorten", json: #"{"original_url":"https://example.com"}"#, key)
          .status,
        201, "\(turn)")
    }
  }

  func testAKeyThatLacksARightLacksItAlsoWhereOthersNeedNoKey() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/of-nobody")
    let reader = try makeKey("--scope", "read-only")
    assertProblem(
      try site.http.post("/shorten", json: #"{"original_url":"https://example.com"}"#, reader), 403)
    let creator = try makeKey("--scope", "create-only")
    assertProblem(try site.http.get("/stats/\(code)", creator), 403)
    // A link that no key made.
    assertProblem(try site.http.get("/stats/\(code)", makeKey("--authored-only")), 404)
    XCTAssertEqual(try site.http.get("/stats/\(code)", makeKey()).status, 200)
  }

  func testALinkThatIsMadeWithAKeyIsTheKeysAndItsStatisticsAreForItsHolder() throws {
    let site = try Site()
    let (own, other) = (try makeKey("--authored-only"), try makeKey("--authored-only"))
    let made = try site.http.post(
      "/shorten", json: #"{"original_url":"https://example.com/of-a-key"}"#, own)
    XCTAssertEqual(made.status, 201, made.text)
    let code = try made.json["short_code"].text
    XCTAssertEqual(try site.http.get("/\(code)").status, 301)
    _ = try site.stats(code, clicks: 1)
    XCTAssertEqual(try site.http.get("/stats/\(code)", own).json["total_clicks"].number, 1)
    XCTAssertTrue(try site.http.get(Self.list, own).text.contains(code))
    for path in ["/stats/\(code)", "/stats/\(code).", "/stats/zzzz"] {
      let answer = try site.http.get(path, other)
      assertProblem(answer, 404, path)
      XCTAssertFalse(answer.text.contains(code))
    }
    XCTAssertFalse(try site.http.get(Self.list, other).text.contains(code))
    let stranger = try site.shorten("https://example.com/of-nobody")
    assertProblem(try site.http.get("/stats/\(stranger)", own), 404)
  }

  func testThereIsNoMercureHub() throws {
    let answer = try Site().http.get("/rest/v3/mercure-info", makeKey())
    XCTAssertEqual(answer.status, 501)
    XCTAssertEqual(
      try answer.json["type"].text, "https://shlink.io/api/error/mercure-not-configured")
  }
}
