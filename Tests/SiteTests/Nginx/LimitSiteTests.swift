import Foundation
import TestSupport
import XCTest

/// Limits that protect clients from each other.
///
/// They bound links, guesses, simultaneous requests, and requests that never end.
final class LimitSiteTests: XCTestCase {
  func testLinksBeyondTheRateAreRefusedForThisClientAlone() throws {
    let code = try Site().shorten("https://example.com/limited")
    let limited = try LimitedSite(["LIMIT_CREATIONS": "7"])
    var http = limited.http
    let origin = [("Origin", "https://app.example")]
    let link = #"{"original_url":"https://example.com/one-of-many"}"#
    var made = 0
    var refused: HTTPClient.Answer?
    while refused == nil, made < 100 {
      let answer = try http.post("/shorten", json: link, origin)
      if answer.status == 201 { made += 1 } else { refused = answer }
    }
    XCTAssertGreaterThanOrEqual(made, 31, "one, and the 30 that may be made in one go")
    let answer = try XCTUnwrap(refused, "nothing was refused")
    assertProblem(answer, 429)
    XCTAssertEqual(answer.all("retry-after"), ["9"], "seven a minute are one in 8.6 seconds")
    XCTAssertEqual(answer["access-control-allow-origin"], "https://app.example")
    XCTAssertTrue(answer["access-control-expose-headers"]?.contains("Retry-After") == true)

    // The same client may go on with all else.
    XCTAssertEqual(try http.get("/\(code)").status, 301)
    let preflight = try http.request(
      "OPTIONS", "/shorten", origin + [("Access-Control-Request-Method", "POST")])
    XCTAssertEqual(preflight.status, 204)
    http.source = 2
    XCTAssertEqual(try http.post("/shorten", json: link).status, 201)
  }

  func testStatisticsBeyondTheRateAreRefusedForThisClientAloneBeforeClickHouseIsAsked() throws {
    let code = try Site().shorten("https://example.com/asked-about")
    let limited = try LimitedSite(["LIMIT_STATS": "7"])
    var http = limited.http
    let origin = [("Origin", "https://app.example")]
    // Known and unknown codes are one limit: the first is as dear as the second.
    var statuses: [Int] = []
    while statuses.last != 429, statuses.count < 200 {
      statuses.append(
        try http.get(statuses.count % 2 == 0 ? "/stats/\(code)" : "/stats/none").status)
    }
    let answered = statuses.dropLast()
    XCTAssertGreaterThanOrEqual(answered.count, 61, "one, and the 60 that may be made in one go")
    XCTAssertEqual(Set(answered), [200, 404])
    let answer = try http.get("/stats/\(code)", origin)
    assertProblem(answer, 429)
    XCTAssertEqual(answer.all("retry-after"), ["9"], "seven a minute are one in 8.6 seconds")
    XCTAssertEqual(answer["access-control-allow-origin"], "https://app.example")
    XCTAssertTrue(answer["access-control-expose-headers"]?.contains("Retry-After") == true)
    XCTAssertNil(answer["cache-control"]?.range(of: "max-age"))
    // The request was not passed on.
    let log = try limited.logLine(of: XCTUnwrap(answer["x-request-id"]))
    XCTAssertTrue(log.contains(#""upstream":"""#), log)

    // The same client may go on with all else, and others with this.
    XCTAssertEqual(try http.get("/\(code)").status, 301)
    XCTAssertEqual(
      try http.request(
        "OPTIONS", "/stats/\(code)", origin + [("Access-Control-Request-Method", "GET")]
      ).status, 204)
    http.source = 2
    XCTAssertEqual(try http.get("/stats/\(code)").status, 200)
  }

  func testAnIPv6ClientIsItsNetworkOf64Bits() throws {
    let limited = try LimitedSite(["LIMIT_CREATIONS": "1"], believesForwarded: true)
    func status(_ address: String) throws -> Int {
      try limited.http.post("/shorten", json: "{}", [("X-Forwarded-For", address)]).status
    }
    // An ordinary network, and one whose prefix has the bytes that end a line or a string.
    for network in ["2001:db8:1:2", "2001:a00:0:a00"] {
      let statuses = try (1...60).map { try status("\(network):\($0)::\($0)") }
      XCTAssertTrue(statuses.prefix(31).allSatisfy { $0 == 422 }, "\(network) \(statuses)")
      XCTAssertTrue(statuses.contains(429), "\(network) \(statuses)")
      XCTAssertEqual(try status("\(network):ffff:ffff:ffff:ffff"), 429)
    }
    XCTAssertEqual(try status("2001:db8:1:3::1"), 422)
    // IPv4 is counted by the whole address, in whatever clothes it comes.
    let statuses = try (1...60).map { try status($0 % 2 == 0 ? "192.0.2.1" : "::ffff:192.0.2.1") }
    XCTAssertTrue(statuses.contains(429), "\(statuses)")
    XCTAssertEqual(try status("::ffff:192.0.2.2"), 422)
    XCTAssertEqual(try status("192.0.2.3"), 422)
  }

  func testUnknownCodesAreAnsweredLateAndFillTheConnectionsOfWhoeverAsksForThem() throws {
    let code = try Site().shorten("https://example.com/beside-a-scan")
    let limited = try LimitedSite([
      "LIMIT_UNKNOWN": "1", "LIMIT_CONNECTIONS": "8", "LIMIT_STATS": "0",
    ])
    var http = limited.http
    let first = try http.get("/scan0")
    assertProblem(first, 404)
    XCTAssertTrue(first.text.contains("short-url-not-found"), first.text)
    XCTAssertEqual(first["cache-control"], "no-store")

    // Both pools tell unknown codes, so both ways are one limit.
    var scan = try (1...8).map { try ask(http.port, $0 % 2 == 0 ? "/stats/s\($0)" : "/s\($0)") }
    XCTAssertTrue(
      try eventually(seconds: 10) { try http.get("/\(code)").status == 429 },
      "the connections of the scan don't count")
    assertProblem(try http.get("/\(code)"), 429)
    XCTAssertEqual(try http.get("/\(code)").all("retry-after"), ["1"])
    http.source = 2
    XCTAssertEqual(try http.get("/\(code)").status, 301)
    XCTAssertEqual(try http.get("/scan9").status, 404)
    http.source = 1
    // Late, but answered.
    let late = String(decoding: try scan[0].receive(), as: UTF8.self)
    XCTAssertTrue(late.hasPrefix("HTTP/1.1 404 "), late)
    scan = []
    XCTAssertTrue(try eventually(seconds: 10) { try http.get("/\(code)").status == 301 })
  }

  /// A thousand guesses wait for their late answer.
  ///
  /// Others are asked until one is refused.
  func testUnknownCodesBeyondAThousandAtOnceAreRefused() throws {
    let limited = try LimitedSite(["LIMIT_UNKNOWN": "1", "LIMIT_CONNECTIONS": "0"])
    var scan: [Socket] = []
    var asked = 0
    var refused: String?
    XCTAssertTrue(
      try eventually(seconds: 60) {
        // An answered guess waits no longer. A busy pool answers some by 503, so others follow.
        for index in scan.indices.reversed() where scan[index].isReadable {
          let text = String(decoding: try scan.remove(at: index).receive(), as: UTF8.self)
          if text.hasPrefix("HTTP/1.1 429 ") { refused = text }
        }
        while refused == nil, scan.count < 1100 {
          scan.append(try ask(limited.http.port, "/a\(asked)"))
          asked += 1
        }
        return refused != nil
      }, "\(asked) asked, \(scan.count) wait")
    let answer = try XCTUnwrap(refused).lowercased()
    XCTAssertTrue(answer.contains("\r\ncontent-type: application/problem+json\r\n"), answer)
    XCTAssertTrue(answer.contains("\r\nretry-after: 1\r\n"), answer)
  }

  func testHealthIsForSeveralLoadBalancersAndNotForAFlood() throws {
    let limited = try LimitedSite(["LIMIT_HEALTH": "1"])
    for path in ["/health", "/stats/health"] {
      var http = limited.http
      http.source = path == "/health" ? 1 : 2
      var refused: HTTPClient.Answer?
      var passed = 0
      while refused == nil, passed < 200 {
        let answer = try http.get(path)
        if answer.status == 200 { passed += 1 } else { refused = answer }
      }
      XCTAssertGreaterThanOrEqual(passed, 21, "one, and the 20 that may be asked in one go")
      let answer = try XCTUnwrap(refused, "nothing was refused")
      assertProblem(answer, 429)
      XCTAssertEqual(answer.all("retry-after"), ["1"])
      http.source = 3
      XCTAssertEqual(try http.get(path).status, 200)
    }
  }

  func testWithLimitsOfNoneNothingIsCounted() throws {
    let limited = try LimitedSite([
      "LIMIT_CREATIONS": "0", "LIMIT_STATS": "0", "LIMIT_HEALTH": "0", "LIMIT_UNKNOWN": "0",
      "LIMIT_CONNECTIONS": "0",
    ])
    for turn in 0..<100 {
      XCTAssertEqual(try limited.http.get("/stats/none\(turn)").status, 404)
      XCTAssertEqual(try limited.http.post("/shorten", json: "{}").status, 422)
      XCTAssertEqual(try limited.http.get("/none\(turn)").status, 404)
    }
  }

  func testASlowHeadAndASlowBodyAreCutOffAndCostNoOneElseAnything() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/beside-the-slow")
    let name = UUID().uuidString
    let starts = [
      "GET /\(name) HTTP/1.1\r\nHost: x\r\nX-Slow: ",
      "POST /shorten?\(name) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + "Content-Length: 60000\r\n\r\n{",
    ]
    let slow = try starts.map { start in
      let socket = try Socket(port: site.http.port)
      try socket.send(Array(start.utf8))
      socket.setTimeout(seconds: 1)
      return socket
    }
    var open = Set(slow.indices)
    var turns = 0
    XCTAssertTrue(
      try eventually(seconds: 30) {
        turns += 1
        XCTAssertEqual(try site.http.get("/\(code)").status, 301)
        // A byte a second keeps the head's limit from ending no more than silence would.
        if turns % 10 == 0 { try? slow[0].send([0x61]) }
        open = open.filter { !slow[$0].isReadable }
        return open.isEmpty
      }, "still open: \(open)")
    let log = try TestStack.value("SWIFTLET_LOG") + "/access.log"
    XCTAssertTrue(
      try eventually(seconds: 10) {
        try String(decoding: Data(contentsOf: URL(fileURLWithPath: log)), as: UTF8.self)
          .split(separator: "\n")
          .count { $0.contains(name) && $0.contains(#""status":408"#) } == starts.count
      })
  }

  /// Asks and does not wait.
  private func ask(_ port: UInt16, _ target: String) throws -> Socket {
    let socket = try Socket(port: port)
    socket.setTimeout(seconds: 30)
    try socket.send(
      Array("GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8))
    return socket
  }
}
