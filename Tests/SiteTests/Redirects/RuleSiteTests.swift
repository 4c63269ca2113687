import Foundation
import TestSupport
import XCTest

/// Where redirect rules lead visitors, whichever worker they meet.
final class RuleSiteTests: XCTestCase {
  /// Replaces the rules of a link.
  private func set(_ rules: String, of code: String) throws {
    let swiftlet = TestStack.programs.appendingPathComponent("swiftlet").path
    let file = FileManager.default.temporaryDirectory.appending(path: "rules-\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(rules.utf8).write(to: file)
    // On a slow machine its connection may come too late for its time limit; it may be repeated.
    var output = ""
    let isDone = try eventually(seconds: 60) {
      let run = try Command.run(swiftlet, ["rule", "set", code, file.path])
      output = run.output
      return run.status == 0
    }
    XCTAssertTrue(isDone, output)
  }

  private func rule(_ name: String, _ type: String, key: String? = nil, _ value: String?) -> String
  {
    let text = { (text: String?) in text.map { "\"\($0)\"" } ?? "null" }
    return """
      {"longUrl":"https://example.com/\(name)","conditions":[\
      {"type":"\(type)","matchKey":\(text(key)),"matchValue":\(text(value))}]}
      """
  }

  /// Waits until every worker leads a visitor to this name.
  private func assertLeads(
    _ site: Site, _ path: String, _ headers: [(String, String)] = [], to name: String,
    line: UInt = #line
  ) throws {
    var last = ""
    let isSeen = try eventually(seconds: 20) {
      try (0..<20).allSatisfy { _ in
        let answer = try site.http.get(path, headers)
        last = "\(answer.status) \(answer["location"] ?? "")"
        return answer.status == 301 && answer["location"] == "https://example.com/" + name
      }
    }
    XCTAssertTrue(isSeen, "\(path) leads to \(last), not \(name)", line: line)
  }

  func testEveryWorkerLeadsVisitorsByTheFirstRuleThatApplies() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/default")
    try assertLeads(site, "/\(code)", to: "default")
    let rules = [
      rule("mail", "query-param", key: "from", "mail"), rule("never", "ip-address", "192.0.2.0/24"),
      rule("german", "language", "de"), rule("empty", "valueless-query-param", key: "x", nil),
      rule("past", "before-date", "2020-01-01"),
    ]
    try set("[\(rules.joined(separator: ","))]", of: code)
    try assertLeads(site, "/\(code)?from=mail", [("Accept-Language", "de")], to: "mail")
    try assertLeads(site, "/\(code)?from=m", [("Accept-Language", "en;q=0.5, DE_at")], to: "german")
    try assertLeads(site, "/\(code)?x", [("Accept-Language", "en, de;q=0.8")], to: "empty")
    try assertLeads(site, "/\(code)?x=1", to: "default")
    let answer = try site.http.get("/\(code)")
    XCTAssertEqual(answer["cache-control"], "no-store", "it depends on the visitor")

    try set(
      "[\(rule("here", "ip-address", "127.0.0.0/8")),\(rule("six", "ip-address", "::/0"))]",
      of: code)
    try assertLeads(site, "/\(code)?from=mail", to: site.baseURL.contains("[") ? "six" : "here")
    try set("[]", of: code)
    try assertLeads(site, "/\(code)?from=mail", to: "default")
    XCTAssertNotEqual(try site.http.get("/\(code)")["cache-control"], "no-store")
  }

  func testEveryWorkerKnowsDevicesAndBrowsersByTheUserAgent() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/any")
    let rules = [
      rule("edge", "browser", "edge"), rule("android", "device", "android"),
      rule("phone", "device", "mobile"), rule("desk", "device", "desktop"),
    ]
    try set("[\(rules.joined(separator: ","))]", of: code)
    for (agent, name) in [
      (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "edge"
      ),
      (
        "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "Chrome/109.0.5414.86 Mobile Safari/537.36", "android"
      ),
      (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 16_2 like Mac OS X) AppleWebKit/605.1.15 "
          + "(KHTML, like Gecko) Version/16.2 Mobile/15E148 Safari/604.1", "phone"
      ),
      ("Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/109.0", "desk"),
      ("curl/8.0", "any"), ("", "any"), (String(repeating: "Android(", count: 400), "android"),
    ] {
      try assertLeads(site, "/\(code)", [("User-Agent", agent)], to: name)
    }
  }

  func testAVisitByARuleIsCounted() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/counted")
    try set("[\(rule("ruled", "any-value-query-param", key: "a", nil))]", of: code)
    let isFollowed = try eventually(seconds: 20) {
      try site.http.request("HEAD", "/\(code)?a")["location"] == "https://example.com/ruled"
    }
    XCTAssertTrue(isFollowed)
    for _ in 1...3 { XCTAssertEqual(try site.http.get("/\(code)?a").status, 301) }
    XCTAssertEqual(try site.stats(code, clicks: 3)["total_clicks"].number, 3)
  }
}
