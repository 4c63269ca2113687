import TestSupport
import XCTest

/// What clients of Shlink ask first: the health.
final class RESTHealthSiteTests: XCTestCase {
  func testHealthIsToldToClientsOfShlinkWithoutAKeyAndWithAnyKey() throws {
    let http = try Site().http
    for path in ["/rest/health", "/rest/v1/health", "/rest/v2/health", "/rest/v3/health"] {
      for fields in [[], [("X-Api-Key", "wrong")], [("Authorization", "Bearer wrong")]] {
        let answer = try http.get(path, fields + [("Origin", "https://app.shlink.io")])
        XCTAssertEqual(answer.status, 200, path)
        XCTAssertEqual(answer["content-type"], "application/health+json", path)
        XCTAssertEqual(answer["access-control-allow-origin"], "*", path)
        XCTAssertEqual(try answer.json["status"].text, "pass", path)
        XCTAssertTrue(try answer.json["version"].text.hasPrefix("5."), path)
        XCTAssertNotEqual(try answer.json["swiftletVersion"].text, "", path)
        XCTAssertNotEqual(try answer.json["links"]["about"].text, "", path)
      }
    }
    for path in ["/rest/v4/health", "/rest/v3", "/rest/v1", "/rest/v3/v3/health"] {
      XCTAssertEqual(try http.get(path).status, 404, path)
    }
  }

  func testTheStateOfTheHostIsForKeysThatLookAfterIt() throws {
    let site = try Site()
    let tool = TestStack.programs.appending(path: "swiftlet").path
    func ask(_ options: [String]) throws -> HTTPClient.Answer {
      let name = "status-\(UInt32.random(in: .min ... .max))"
      let made = try Command.check(tool, ["key", "create", name, "--json"] + options)
      let key = try JSONAnswer(made)["key"].text
      return try site.http.get("/rest/v3/status", [("X-Api-Key", key)])
    }
    XCTAssertEqual(try site.http.get("/rest/v3/status").status, 401)
    for options in [["--scope", "read-only"], ["--authored-only"], ["--domain", "DEFAULT"]] {
      XCTAssertEqual(try ask(options).status, 403, "\(options)")
    }
    let dropped = try ask([]).json["journal"]["droppedClicks"].number
    let code = try site.shorten("https://example.com/status")
    XCTAssertEqual(try site.http.get("/\(code)").status, 301)
    XCTAssertTrue(
      try eventually(seconds: 30) { try ask([]).json["consumer"]["storedClicks"].number > 0 })
    let answer = try ask(["--scope", "admin"])
    XCTAssertEqual(answer.status, 200, answer.text)
    let status = try answer.json
    XCTAssertEqual(
      try status["health"]["dependencies"]["postgres"]["state"].text, "up")
    XCTAssertEqual(try status["journal"]["droppedClicks"].number, dropped)
    XCTAssertGreaterThan(try status["journal"]["limitBytes"].number, 0)
    XCTAssertTrue(try status["consumer"]["connected"].isTrue)
    XCTAssertNotEqual(try status["consumer"]["lastStored"].text, "")
    XCTAssertGreaterThan(try status["programs"]["api"]["processes"].number, 0)
    // Nothing of how the engines are reached.
    for word in ["password", "://", "/tmp", "host="] { XCTAssertFalse(answer.text.contains(word)) }
  }

  /// A key that nobody looks at frees from no limit.
  func testHealthIsLimitedByAddressAlsoWithAKey() throws {
    let site = try LimitedSite(["LIMIT_HEALTH": "1", "LIMIT_REST": "0"])
    for path in ["/rest/health", "/rest/v3/health"] {
      var http = site.http
      http.source = path == "/rest/health" ? 1 : 2
      var statuses: [Int] = []
      while statuses.last != 429, statuses.count < 200 {
        statuses.append(try http.get(path, [("X-Api-Key", "wrong")]).status)
      }
      XCTAssertEqual(Set(statuses), [200, 429], path)
    }
  }
}
