import Foundation
import TestSupport
import XCTest

/// A site that loses its databases and its cache, and is restored from a backup made under load.
final class BackupSiteTests: XCTestCase {
  /// The log of a site that is older than the backup by more than an hour.
  private static let line =
    #"{"time":"2026-01-01T00:00:00Z","request_id":"\#(String(repeating: "0", count: 32))","#
    + #""request":"GET /a HTTP/1.1","status":404}"# + "\n"

  private var stack: PrivateStack?
  private var variables: [String: String] = [:]
  private var scratch: ScratchDirectory?

  override func setUpWithError() throws {
    var stack = try PrivateStack(
      "backup",
      [
        "SHORTENER_WORKERS": "2", "ANALYTICS_WORKERS": "2", "LIMIT_STATS": "0",
        "LIMIT_UNKNOWN": "0",
      ])
    stack.variables["BASE_URL"] = "http://localhost:\(stack.http.port)"
    self.stack = stack
    try stack.up()
    variables = try stack.environment()
    scratch = try ScratchDirectory("backup")
  }

  override func tearDownWithError() throws {
    scratch = nil
    try stack?.remove()
  }

  func testALostSiteIsBackAndReconcileNamesWhatCameSince() throws {
    let (stack, scratch) = (try XCTUnwrap(stack), try XCTUnwrap(scratch))
    let site = Site(http: stack.http, baseURL: try XCTUnwrap(stack.variables["BASE_URL"]))
    let key = try JSONAnswer(swiftlet("key", "create", "mine", "--json"))["key"].text
    _ = try swiftlet("link", "create", "https://example.com/kept", "--slug", "kept", "--tag", "t")
    _ = try swiftlet("link", "create", "https://example.com/gone", "--slug", "gone")
    _ = try swiftlet("link", "delete", "gone")
    try Data(
      #"[{"longUrl":"https://example.com/mail","conditions":[{"type":"query-param","matchKey":"from","matchValue":"mail"}]}]"#
        .utf8
    ).write(to: URL(fileURLWithPath: scratch("rules.json")))
    _ = try swiftlet("rule", "set", "kept", scratch("rules.json"))
    var redirected = 0
    for _ in 0..<30 where try site.http.get("/kept").status == 301 { redirected += 1 }
    XCTAssertEqual(redirected, 30)
    _ = try site.stats("kept", clicks: 30, withinSeconds: 60)
    let stats = try site.http.get("/stats/kept").text
    let visits = try read(site, "/short-urls/kept/visits", key)
    let busy = try site.shorten("https://example.com/busy")
    XCTAssertEqual(try site.http.get("/" + busy).status, 301)

    let traffic = Traffic(site, code: busy, clients: 2)
    XCTAssertTrue(traffic.goesOn(for: 50))
    _ = try site.stats(busy, clicks: 20, withinSeconds: 60)
    let said = try swiftlet("backup", scratch("b"))
    XCTAssertTrue(traffic.goesOn(for: 100))
    let (clicked, others) = traffic.stop()
    XCTAssertEqual(others, [])
    redirected += clicked + 1
    try site.waitForClicksUnderWay()
    redirected += 1
    XCTAssertEqual(
      try site.stats(busy, clicks: clicked + 1)["total_clicks"].number, clicked + 1, "lost or twice"
    )

    try lose()
    let restored = try swiftlet("restore", scratch("b"))
    let stored = try XCTUnwrap(Int(restored.firstMatch(of: /, (\d+) clicks/)?.1 ?? ""), restored)
    XCTAssertLessThan(stored, redirected)
    XCTAssertGreaterThanOrEqual(stored, 50)

    // The clicks since are in the journals that are still written, or nowhere.
    let since = try XCTUnwrap(said.firstMatch(of: /--since (\S+)/)?.1, said)
    let log = scratch("access.log")
    try
      (Data(Self.line.utf8)
      + Data(contentsOf: URL(fileURLWithPath: stack.directory + "/log/access.log")))
      .write(to: URL(fileURLWithPath: log))
    let named = try reconcile(String(since), log)
    let missing = try named["missing_total"].number
    let held = try named["hours"].elements.reduce(0) { try $0 + $1["in_journals"].number }
    XCTAssertEqual(missing + held, redirected - stored)
    let replayed = try reconcile(String(since), log, "--replay")
    XCTAssertEqual(try replayed["replayed"].number, held)

    for pool in ["shortener", "shortener-lookup", "shortener-spare", "shortener-api", "analytics"] {
      try stack.control("restart", pool + ":*")
    }
    try site.waitUntilWell()
    XCTAssertEqual(try site.http.get("/stats/kept").text, stats)
    XCTAssertEqual(try read(site, "/short-urls/kept/visits", key), visits)
    let link = try read(site, "/short-urls/kept", key)
    XCTAssertTrue(link.contains(#""tags":["t"]"#), link)
    XCTAssertEqual(try site.http.get("/gone").status, 410)
    XCTAssertEqual(
      try site.http.get("/kept?from=mail")["location"], "https://example.com/mail?from=mail")
    XCTAssertEqual(try site.http.get("/" + busy).status, 301)
  }

  /// Drops both databases, and flushes Redis.
  private func lose() throws {
    let dsn = try XCTUnwrap(variables["PG_DSN"])
    let name = try XCTUnwrap(dsn.firstMatch(of: /\/\/\/(\w+)\?/)?.1, dsn)
    try Command.check(
      "/usr/bin/psql",
      [
        // Its programs are other roles: only a superuser may end their sessions.
        "-qX", dsn.replacingOccurrences(of: "///\(name)?", with: "///postgres?") + "&user=postgres",
        "-c",
        "DROP DATABASE \(name) WITH (FORCE)",
      ])
    let clickHouse = try XCTUnwrap(variables["CLICKHOUSE_URL"])
    XCTAssertNil(try ClickHouseClient.dropDatabase(at: clickHouse))
    try Command.check(
      "/usr/bin/redis-cli",
      ["-s", (try XCTUnwrap(variables["SWIFTLET_RUN"])) + "/redis.sock", "FLUSHALL"])
  }

  private func swiftlet(_ arguments: String...) throws -> String {
    try Command.check(
      TestStack.programs.appendingPathComponent("swiftlet").path, arguments, environment: variables)
  }

  private func read(_ site: Site, _ path: String, _ key: String) throws -> String {
    let answer = try site.http.get("/rest/v3" + path, [("X-Api-Key", key)])
    XCTAssertEqual(answer.status, 200, answer.text)
    return answer.text
  }

  private func reconcile(_ since: String, _ log: String, _ more: String...) throws -> JSONAnswer {
    let run = try Command.run(
      TestStack.programs.appendingPathComponent("swiftlet").path,
      ["clicks", "reconcile", "--since", since, "--log", log, "--wait", "2", "--json"] + more,
      environment: variables)
    XCTAssertTrue(run.status == 0 || run.status == 1, run.output)
    return try JSONAnswer(String(run.output.prefix { $0 != "\n" }))
  }
}
