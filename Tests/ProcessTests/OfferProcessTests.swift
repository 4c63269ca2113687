import TestSupport
import XCTest

/// What a worker offers to callers without a key (`SHORTEN`, `STATS`), and how it takes wrong keys.
final class OfferProcessTests: XCTestCase {
  private let json = [("CONTENT_TYPE", "application/json"), ("CONTENT_LENGTH", "2")]

  private func status(
    _ pool: WorkerPool, _ method: String, _ path: String, _ fields: [(String, String)] = [],
    from address: String = "192.0.2.1"
  ) throws -> String {
    // Of two parameters with one name the first counts.
    let parameters =
      [("REMOTE_ADDR", address)] + WorkerPool.parameters(path, method: method, fields)
    let answer = try FastCGIClient.request(
      socket: pool.socket, parameters: parameters,
      body: method == "POST" ? Array("{}".utf8) : [])
    return String(answer.dropFirst("Status: ".count).prefix(3))
  }

  /// No engine is there: an admitted request is answered by 422 for its body, or by 503.
  func testLinksAreMadeWithoutAKeyWhereSHORTENIsOpenAlone() throws {
    for (setting, without, wrong) in [
      ("open", "422", "401"), ("key", "401", "401"), ("off", "404", "404"),
    ] {
      let pool = try WorkerPool("api", ["SHORTEN": setting])
      let worker = try pool.start()
      XCTAssertEqual(try status(pool, "POST", "/shorten", json), without, setting)
      XCTAssertEqual(
        try status(pool, "POST", "/shorten", json + [("HTTP_X_API_KEY", "wrong")]), wrong, setting)
      XCTAssertEqual(
        try status(pool, "POST", "/shorten", json + [("HTTP_AUTHORIZATION", "Bearer wrong")]), wrong
      )
      XCTAssertEqual(try status(pool, "GET", "/health"), "503")
      withExtendedLifetime(worker) {}
    }
  }

  func testStatisticsAreReadWithoutAKeyWhereSTATSIsOpenAlone() throws {
    for (setting, without) in [("open", "503"), ("key", "401")] {
      let pool = try WorkerPool("analytics", ["STATS": setting])
      let worker = try pool.start()
      XCTAssertEqual(try status(pool, "GET", "/stats/1LDUVEdRXYk"), without, setting)
      XCTAssertEqual(
        try status(pool, "GET", "/stats/1LDUVEdRXYk", [("HTTP_X_API_KEY", "wrong")]), "401", setting
      )
      XCTAssertEqual(try status(pool, "GET", "/stats/health"), "503")
      withExtendedLifetime(worker) {}
    }
  }

  func testWithoutAnyEngineAClientMaySendAWorkerItsShareOfWrongKeys() throws {
    let pool = try WorkerPool(
      "api",
      ["LIMIT_WRONG_KEYS": "50", "SHORTENER_API_WORKERS": "6", "ANALYTICS_WORKERS": "4"])
    let worker = try pool.start()
    func send(_ path: String, from address: String, _ count: Int) throws -> [String] {
      try (0..<count).map { _ in
        try status(
          pool, path == "/shorten" ? "POST" : "GET", path,
          json + [("HTTP_X_API_KEY", "wrong")], from: address)
      }
    }
    // Ways together, also those that lead nowhere, and the /64 of IPv6 as one client.
    let list = "/rest/v3/short-urls"
    let first =
      try send(list, from: "2001:db8::1", 2) + send("/rest/nowhere", from: "2001:db8::4", 2)
      + send("/shorten", from: "2001:db8::2", 2)
    XCTAssertEqual(first, ["401", "401", "404", "404", "401", "429"])
    XCTAssertEqual(try send("/rest/nowhere", from: "2001:db8::5", 1), ["429"])
    XCTAssertEqual(try send(list, from: "2001:db8:0:1::1", 1), ["401"])
    let key = [("HTTP_X_API_KEY", "wrong")]
    XCTAssertEqual(try status(pool, "GET", "/shorten", key, from: "2001:db8::6"), "429")
    XCTAssertEqual(try status(pool, "GET", "/nowhere/at/all", key, from: "2001:db8::6"), "429")
    let answer = try FastCGIClient.request(
      socket: pool.socket,
      parameters: [("REMOTE_ADDR", "2001:db8::3"), ("HTTP_X_API_KEY", "wrong")]
        + WorkerPool.parameters(list))
    XCTAssertTrue(answer.hasPrefix("Status: 429 "), answer)
    XCTAssertTrue(answer.contains("\r\nRetry-After: "), answer)
    XCTAssertTrue(answer.contains("urn:problem-type:swiftlet:too-many-requests"), answer)
    // Without a key the same client goes on.
    XCTAssertEqual(
      try status(pool, "POST", "/shorten", json, from: "2001:db8::1"), "422")
    XCTAssertEqual(try status(pool, "GET", "/shorten", [], from: "2001:db8::1"), "405")
    withExtendedLifetime(worker) {}
  }
}
