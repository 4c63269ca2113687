import Foundation
import TestSupport
import XCTest

/// nginx's site and the programs behind it may be of two releases while an upgrade is under way.
///
/// OLD_RELEASE_BIN names the directory of the programs of the release before, in its checkout
/// (`.build/release`).
final class MixedReleaseSiteTests: XCTestCase {
  private static let link = "/rest/v3/short-urls/abc"
  private static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]

  private var programs = URL(fileURLWithPath: "/")

  override func setUpWithError() throws {
    let path = ProcessInfo.processInfo.environment["OLD_RELEASE_BIN"] ?? ""
    try XCTSkipIf(path.isEmpty, "OLD_RELEASE_BIN names no programs of the release before")
    programs = URL(fileURLWithPath: path)
  }

  func testProgramsOfTheReleaseBeforeChangeNothingWithoutAKeyAndServeAllElse() throws {
    let pool = try WorkerPool(
      "api",
      [
        "PG_DSN": try TestStack.value("PG_DSN"), "REDIS_URL": try TestStack.value("REDIS_URL"),
      ])
    let worker = try ChildProcess(
      programs.appendingPathComponent("api").path, environment: pool.environment(),
      input: pool.listener.descriptor)
    XCTAssertTrue(eventually(seconds: 60) { WorkerPool.serves(worker.pid) })
    let sockets = try ScratchDirectory("mixed")
    XCTAssertEqual(symlink(pool.socket, sockets("shortener-api.sock")), 0)
    let site = try LimitedSite(["SWIFTLET_RUN": sockets.path, "LIMIT_REST": "0"])
    for turn in 0..<2 {
      for method in Self.methods {
        let answer = try site.http.request(
          method, Self.link, [("X-Api-Key", "key"), ("Origin", "https://any.example")],
          body: method == "GET" ? nil : Array("{}".utf8))
        assertRefused(answer, "\(method), turn \(turn)")
        XCTAssertEqual(answer["access-control-allow-origin"], "*")
      }
      let made = try site.http.post(
        "/shorten", json: #"{"original_url":"https://example.com/mixed"}"#)
      XCTAssertEqual(made.status, 201, made.text)
    }
  }

  /// As on a host that isn't upgraded yet, when another one has migrated.
  func testProgramsOfTheReleaseBeforeServeWithTheSchemaOfThisOne() throws {
    let sockets = try ScratchDirectory("mixed")
    let engines = try ["PG_DSN", "REDIS_URL", "CLICKHOUSE_URL"].map {
      ($0, try TestStack.value($0))
    }
    let workers = try [
      ("shortener", "redirects", "shortener"), ("shortener", "lookups", "shortener-lookup"),
      ("shortener", "retries", "shortener-spare"), ("api", "all", "shortener-api"),
      ("analytics", "all", "analytics"),
    ].map { program, role, socket in
      let pool = try WorkerPool(
        program, ["SHORTENER_ROLE": role].merging(engines) { own, _ in own })
      let worker = try ChildProcess(
        programs.appendingPathComponent(program).path, environment: pool.environment(),
        input: pool.listener.descriptor)
      XCTAssertTrue(eventually(seconds: 60) { WorkerPool.serves(worker.pid) }, program)
      XCTAssertEqual(symlink(pool.socket, sockets("\(socket).sock")), 0)
      return (pool, worker)
    }
    let site = try LimitedSite(["SWIFTLET_RUN": sockets.path, "LIMIT_REST": "0"])
    let http = site.http
    let made = try Command.check(
      TestStack.programs.appendingPathComponent("swiftlet").path,
      ["key", "create", "mixed-\(UUID().uuidString)", "--json"])
    let key = ("X-Api-Key", try JSONAnswer(made)["key"].text)
    let links = "/rest/v3/short-urls"
    func ask(_ method: String, _ path: String, _ body: String? = nil) throws -> HTTPClient.Answer {
      try http.request(
        method, path, [key, ("Content-Type", "application/json")], body: body.map { Array($0.utf8) }
      )
    }

    let link = try ask("POST", links, #"{"longUrl":"https://example.com/a","tags":["mixed"]}"#)
    XCTAssertEqual(link.status, 200, link.text)
    let code = try link.json["shortCode"].text
    XCTAssertEqual(try http.get("/" + code)["location"], "https://example.com/a")
    let changed = try ask("PATCH", "\(links)/\(code)", #"{"longUrl":"https://example.com/b"}"#)
    XCTAssertEqual(changed.status, 200, changed.text)
    for path in [
      "\(links)/\(code)", links + "?tags%5B%5D=mixed", "\(links)/\(code)/visits",
      "/rest/v3/tags/stats",
      "/rest/v3/domains", "/rest/v3/visits", "/stats/" + code,
    ] {
      let answer = try ask("GET", path)
      XCTAssertEqual(answer.status, 200, path + answer.text)
    }
    XCTAssertTrue(
      try eventually(seconds: 20) {
        try http.get("/" + code)["location"] == "https://example.com/b"
      })
    XCTAssertEqual(try ask("DELETE", "\(links)/\(code)").status, 204)
    withExtendedLifetime(workers) {}
  }

  func testTheSiteOfTheReleaseBeforeLeadsToNoChangeAndServesAllElse() throws {
    // With its own rules, and with those of this release, which are copied first.
    let checkout = programs.deletingLastPathComponent().deletingLastPathComponent()
    for checkout in [checkout, Repository.root] {
      let port = try Socket.freePort()
      let nginx = try OwnNginx(
        at: "127.0.0.1:\(port)", ["SWIFTLET_RUN": try TestStack.value("SWIFTLET_RUN")],
        release: (programs, checkout))
      try assertServing(HTTPClient(port: port))
      withExtendedLifetime(nginx) {}
    }
  }

  private func assertServing(_ http: HTTPClient) throws {
    let made = try http.post("/shorten", json: #"{"original_url":"https://example.com/mixed"}"#)
    XCTAssertEqual(made.status, 201, made.text)
    let code = try made.json["short_code"].text
    for method in Self.methods {
      for path in [Self.link, "/rest/v3/short-urls/\(code)"] {
        assertRefused(try http.request(method, path, [("X-Api-Key", "key")]), method)
      }
    }
    // A site that tells of no page of its own signs nobody in from one.
    let signedIn = try http.request(
      "POST", "/rest/v3/session",
      [("X-Swiftlet-Page", "1"), ("Content-Type", "application/json")], body: Array("{}".utf8))
    assertRefused(signedIn, "a sign-in")
    XCTAssertNil(signedIn["set-cookie"])
    let answer = try http.get("/" + code)
    XCTAssertEqual(answer.status, 301)
    XCTAssertEqual(answer["location"], "https://example.com/mixed")
    XCTAssertEqual(try http.get("/health").status, 200)
  }

  /// A release that knows the REST API refuses the key, one before knows no such path.
  private func assertRefused(_ answer: HTTPClient.Answer, _ note: String) {
    XCTAssertTrue(
      answer.status == 401 || answer.status == 404, "\(note) \(answer.status) \(answer.text)")
    XCTAssertEqual(answer["content-type"], "application/problem+json", note)
  }
}
