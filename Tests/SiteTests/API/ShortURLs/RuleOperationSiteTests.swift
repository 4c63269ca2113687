import Foundation
import TestSupport
import XCTest

/// The redirect rules of a link over HTTP, with an API key, as clients of Shlink set them.
final class RuleOperationSiteTests: XCTestCase {
  private static let rules = """
    {"redirectRules":[{"longUrl":"https://example.com/mail","priority":9,"conditions":[\
    {"type":"query-param","matchKey":"from","matchValue":"mail"}]},\
    {"longUrl":"https://example.com/german","conditions":[\
    {"type":"language","matchKey":null,"matchValue":"de"}]}]}
    """

  private func assertProblem(
    _ answer: HTTPClient.Answer, _ status: Int, _ type: String, line: UInt = #line
  ) throws {
    XCTAssertEqual(answer.status, status, answer.text, line: line)
    XCTAssertEqual(
      try answer.json["type"].text, "https://shlink.io/api/error/" + type, line: line)
  }

  func testRulesAreSetListedFollowedAndRemoved() throws {
    let keyed = try KeyedSite()
    let code = try keyed.site.shorten("https://example.com/default")
    let (link, path) = ("/short-urls/\(code)", "/short-urls/\(code)/redirect-rules")
    XCTAssertEqual(
      try keyed.request("GET", path).text,
      #"{"defaultLongUrl":"https://example.com/default","redirectRules":[],"geolocation":"off"}"#)
    XCTAssertEqual(try keyed.request("GET", link).json["hasRedirectRules"].isTrue, false)
    let set = try keyed.request("POST", path, Self.rules)
    XCTAssertEqual(set.status, 200, set.text)
    XCTAssertEqual(
      try set.json["redirectRules"].elements.map { try $0["priority"].number }, [1, 2])
    XCTAssertEqual(try keyed.request("GET", path).text, set.text)
    XCTAssertEqual(try keyed.request("GET", link).json["hasRedirectRules"].isTrue, true)
    let isFollowed = try eventually(seconds: 20) {
      try (0..<20).allSatisfy { _ in
        try keyed.site.http.get("/\(code)?from=mail")["location"] == "https://example.com/mail"
      }
    }
    XCTAssertTrue(isFollowed)
    let removed = try keyed.request("POST", path, #"{"redirectRules":[]}"#)
    XCTAssertEqual(try removed.json["redirectRules"].elements.count, 0)
    XCTAssertEqual(try keyed.request("GET", link).json["hasRedirectRules"].isTrue, false)
  }

  func testATestSaysWhereAVisitorWouldBeLedAndWhy() throws {
    let keyed = try KeyedSite()
    let code = try keyed.site.shorten("https://example.com/default")
    let path = "/short-urls/\(code)/redirect-rules"
    XCTAssertEqual(try keyed.request("POST", path, Self.rules).status, 200)
    for (body, name, rule, holds) in [
      (#"{"url":"https://s.example/abc?from=mail#from"}"#, "mail", 1, [true, false]),
      (#"{"headers":{"ACCEPT-language":"de"},"address":null}"#, "german", 2, [false, true]),
      (
        #"{"url":"/?from=x","address":"2001:db8::1","time":"2026-01-31","more":1}"#, "default", nil,
        [false, false]
      ), ("{}", "default", nil, [false, false]), ("", "default", nil, [false, false]),
    ] as [(String, String, Int?, [Bool])] {
      let answer = try keyed.request("POST", path + "/test", body)
      XCTAssertEqual(answer.status, 200, answer.text)
      let trace = try answer.json
      XCTAssertEqual(try trace["longUrl"].text, "https://example.com/" + name, body)
      if let rule {
        XCTAssertEqual(try trace["rule"].number, rule, body)
      } else {
        XCTAssertTrue(try trace["rule"].isNull, body)
      }
      let conditions = try trace["conditions"].elements
      XCTAssertEqual(try conditions.map { try $0["holds"].isTrue }, holds, body)
      XCTAssertEqual(try conditions.map { try $0["rule"].number }, [1, 2])
      XCTAssertEqual(try conditions.map { try $0["type"].text }, ["query-param", "language"])
      for condition in conditions { XCTAssertFalse(try condition["because"].text.isEmpty) }
    }
    for body in [
      #"{"url":1}"#, #"{"headers":[]}"#, #"{"headers":{"a":1}}"#, #"{"address":"1.2.3"}"#,
      #"{"address":"fe80::1%eth0"}"#, #"{"time":"soon"}"#,
      #"{"headers":{"a":"\#(String(repeating: "a", count: 4097))"}}"#,
    ] {
      try assertProblem(try keyed.request("POST", path + "/test", body), 400, "invalid-data")
    }
    let unknown = try keyed.request("POST", "/short-urls/nothing/redirect-rules/test", "{}")
    try assertProblem(unknown, 404, "short-url-not-found")
    XCTAssertEqual(try keyed.site.stats(code, clicks: 0)["total_clicks"].number, 0)
  }

  func testWhatIsWrongChangesNothing() throws {
    let keyed = try KeyedSite()
    let code = try keyed.site.shorten("https://example.com/default")
    let path = "/short-urls/\(code)/redirect-rules"
    let set = try keyed.request("POST", path, Self.rules)
    XCTAssertEqual(set.status, 200, set.text)
    for body in [
      "{}", #"{"redirectRules":["foo"]}"#,
      #"{"redirectRules":[{"longUrl":"foo","conditions":[]}]}"#,
      Self.rules.replacing("query-param", with: "moon"),
    ] {
      let answer = try keyed.request("POST", path, body)
      try assertProblem(answer, 400, "invalid-data")
      XCTAssertEqual(
        try answer.json["invalidElements"].elements.map { try $0.text }, ["redirectRules"])
    }
    try assertProblem(try keyed.request("POST", path, "["), 400, "malformed-request-body")
    for method in ["GET", "POST"] {
      let unknown = try keyed.request(method, "/short-urls/nothing/redirect-rules", Self.rules)
      try assertProblem(unknown, 404, "short-url-not-found")
      let other = try keyed.request(method, path + "?domain=other.example", Self.rules)
      try assertProblem(other, 404, "short-url-not-found")
      let keyless = try keyed.site.http.request(method, "/rest/v3" + path)
      try assertProblem(keyless, 401, "missing-authentication")
    }
    XCTAssertEqual(try keyed.request("GET", path).text, set.text)
  }
}
