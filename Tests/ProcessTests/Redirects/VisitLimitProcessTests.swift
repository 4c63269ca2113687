import EngineSupport
import Foundation
import Postgres
import TestSupport
import XCTest

/// Links with a limit of visits: exactly as many visitors are redirected, whichever worker they meet.
final class VisitLimitProcessTests: XCTestCase {
  private var database: ScratchPostgres!
  private var redis: PrivateRedis!

  override func setUpWithError() throws {
    database = try ScratchPostgres()
    redis = try PrivateRedis()
  }

  override func tearDown() {
    database = nil
    redis = nil
  }

  private func pool(_ role: String = "lookups", dsn: String? = nil) throws -> WorkerPool {
    try WorkerPool(
      "shortener",
      [
        "SHORTENER_ROLE": role, "REDIS_URL": redis.url, "REDIS_TIMEOUT_MS": "5000",
        "PG_DSN": dsn ?? database.dsn, "PG_READ_TIMEOUT_MS": "10000",
      ])
  }

  private func execute(_ statement: String) throws {
    try database.admin().executeScript(unsafe: statement, "test", timeoutMilliseconds: 60_000)
  }

  /// A link `few` with this limit, of which as many visits are left.
  private func addLink(limit: Int) throws {
    try execute(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at, max_visits)
      VALUES (4711, 'few', 'https://example.com/few', now(), \(limit));
      INSERT INTO visit_budgets (link, allowed) VALUES (4711, \(limit))
      """)
  }

  private func number(_ query: String) throws -> Int64 {
    try database.admin().executeOnce(
      "\(unsafe: query)", "count", timeoutMilliseconds: 60_000
    ).one { row throws(PostgresError) in try row.integer() }
  }

  private static let firefox =
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

  private static func event(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }

  /// The status of an answer to a request of this number.
  private static func status(
    _ socket: String, event number: Int, method: String = "GET", agent: String = firefox,
    _ others: [(String, String)] = []
  ) throws -> String {
    let answer = try FastCGIClient.request(
      socket: socket,
      parameters: [
        ("REQUEST_METHOD", method), ("REQUEST_URI", "/few"), ("REMOTE_ADDR", "192.0.2.1"),
        ("HTTP_USER_AGENT", agent),
        ("REQUEST_ID", event(number)),
      ] + others)
    return String(answer.dropFirst("Status: ".count).prefix(3))
  }

  func testOfManyVisitorsAtOnceExactlyAsManyAreRedirectedAsTheLimitAllows() throws {
    let (limit, visitors) = (50, 200)
    try addLink(limit: limit)
    // Two processes with connections of their own, as on two hosts.
    let pools = [try pool(), try pool("retries")]
    let workers = try pools.map { try $0.start() }
    let sockets = pools.map(\.socket)
    let statuses = StatusCounts()
    let group = DispatchGroup()
    for asker in 0..<20 {
      group.enter()
      Thread {
        for turn in 0..<(visitors / 20) {
          let number = asker * 100 + turn + 1
          // A worker that is behind asks to be asked again, by the same request.
          var status = "503"
          for attempt in 0..<100 where status == "503" {
            let socket = sockets[(asker + turn + attempt) % 2]
            status = (try? Self.status(socket, event: number)) ?? "failed"
          }
          statuses.add(status)
        }
        group.leave()
      }.start()
    }
    group.wait()
    XCTAssertEqual(statuses.counts, ["301": limit, "410": visitors - limit])
    XCTAssertEqual(try number("SELECT allowed - spent FROM visit_budgets"), 0)
    XCTAssertEqual(try number("SELECT count(*) FROM spent_visits"), Int64(limit))
    XCTAssertEqual(try pools.flatMap { try $0.clicks() }.count, limit)
    for worker in workers { XCTAssertNil(worker.wait(seconds: 0)) }
  }

  func testARequestThatIsAskedAgainSpendsOneVisitAlsoTheLastOne() throws {
    try addLink(limit: 2)
    let pools = [try pool(), try pool("retries")]
    let workers = try pools.map { try $0.start() }
    for number in [1, 1, 2, 2, 1] {
      for pool in pools {
        XCTAssertEqual(try Self.status(pool.socket, event: number), "301", "\(number)")
      }
    }
    XCTAssertEqual(try Self.status(pools[0].socket, event: 3), "410")
    XCTAssertEqual(try number("SELECT count(*) FROM spent_visits"), 2)
    for worker in workers { XCTAssertNil(worker.wait(seconds: 0)) }
  }

  /// Both workers wait for the same budget, whose last visit a third one is about to spend.
  func testAVisitThatTwoWorkersSpendAtTheSameMomentIsSpentOnce() throws {
    try addLink(limit: 1)
    let pools = [try pool(), try pool("retries")]
    let workers = try pools.map { try $0.start() }
    for pool in pools {
      // The link is known, and so is the statement.
      XCTAssertEqual(try Self.status(pool.socket, event: 1, method: "HEAD"), "301")
    }
    let admin = try database.admin()
    try admin.executeScript(
      unsafe: "BEGIN; SELECT FROM visit_budgets FOR UPDATE", "lock", timeoutMilliseconds: 60_000)
    let statuses = StatusCounts()
    let group = DispatchGroup()
    for socket in pools.map(\.socket) {
      group.enter()
      Thread {
        statuses.add((try? Self.status(socket, event: 7)) ?? "failed")
        group.leave()
      }.start()
    }
    XCTAssertTrue(
      try eventually(seconds: 60) {
        try number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == 2
      })
    try admin.executeScript(unsafe: "COMMIT", "unlock", timeoutMilliseconds: 60_000)
    group.wait()
    XCTAssertEqual(statuses.counts, ["301": 2])
    XCTAssertEqual(try number("SELECT allowed - spent FROM visit_budgets"), 0)
    XCTAssertEqual(try number("SELECT count(*) FROM spent_visits"), 1)
    for worker in workers { XCTAssertNil(worker.wait(seconds: 0)) }
  }

  func testWhatIsNoVisitSpendsNoneAndIsGoneOnceAllAreSpent() throws {
    try addLink(limit: 1)
    let pool = try pool()
    let worker = try pool.start()
    func statuses() throws -> [String] {
      [
        try Self.status(pool.socket, event: 1, method: "HEAD"),
        try Self.status(pool.socket, event: 2, [("PREFETCH", "1")]),
      ]
    }
    XCTAssertEqual(try statuses(), ["301", "301"])
    XCTAssertEqual(try number("SELECT allowed - spent FROM visit_budgets"), 1)
    XCTAssertEqual(try Self.status(pool.socket, event: 3), "301")
    XCTAssertEqual(try statuses(), ["410", "410"])
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testAVisitThatIsNotCountedSpendsAsAnyOther() throws {
    try addLink(limit: 2)
    let pool = try pool()
    let worker = try pool.start()
    XCTAssertEqual(try Self.status(pool.socket, event: 1, [("VISIT", "0")]), "301")
    XCTAssertEqual(try pool.clicks(), [])
    XCTAssertEqual(try Self.status(pool.socket, event: 2, [("VISIT", "2")]), "301")
    XCTAssertEqual(try number("SELECT allowed - spent FROM visit_budgets"), 0)
    XCTAssertEqual(try Self.status(pool.socket, event: 3, [("VISIT", "0")]), "410")
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testBotsAndRequestsWithoutAUserAgentSpendNoVisit() throws {
    try addLink(limit: 1)
    let pool = try pool()
    let worker = try pool.start()
    let bots = [
      "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "curl/8.5.0", "",
    ]
    func statuses() throws -> [String] {
      try bots.enumerated().map { try Self.status(pool.socket, event: $0 + 1, agent: $1) }
    }
    XCTAssertEqual(try statuses(), ["301", "301", "301"])
    XCTAssertEqual(try number("SELECT allowed - spent FROM visit_budgets"), 1)
    XCTAssertEqual(try Self.status(pool.socket, event: 9), "301")
    XCTAssertEqual(try statuses(), ["410", "410", "410"])
    XCTAssertEqual(try pool.clicks().count, 4, "they are clicks")
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testAnAnswerIsNeverCached() throws {
    try addLink(limit: 1)
    let pool = try pool()
    let worker = try pool.start()
    let answer = try pool.ask("/few")
    XCTAssertTrue(answer.hasPrefix("Status: 301 "), answer)
    XCTAssertTrue(answer.contains("\r\nCache-Control: no-store\r\n"), answer)
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testARedirectWorkerHandsOnEachVisitAndAnswersNoneAsALastResort() throws {
    let pool = try pool("redirects")
    let worker = try pool.start()
    try redis.command(
      "SET", "short_url:few",
      #"\#u{1}{"i":"4711","u":"https://example.com/few","m":true}"#)
    for _ in 0..<2 { XCTAssertTrue(try pool.ask("/few").hasPrefix("Status: 530 ")) }
    let last = try pool.ask("/few", [("LAST_RESORT", "1")])
    XCTAssertTrue(last.hasPrefix("Status: 503 "), last)
    XCTAssertEqual(try pool.clicks(), [])
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testWithoutPostgreSQLNoVisitIsGivenAway() throws {
    let engine = try AbsentEngine(name: ".s.PGSQL.5432")
    let pool = try pool(dsn: "postgresql:///x?host=\(engine.directory)&user=x")
    let worker = try pool.start()
    try redis.command(
      "SET", "short_url:few",
      #"\#u{1}{"i":"4711","u":"https://example.com/few","m":true}"#)
    for number in 1...5 { XCTAssertEqual(try Self.status(pool.socket, event: number), "503") }
    XCTAssertEqual(try pool.clicks(), [])
    XCTAssertNil(worker.wait(seconds: 0))
  }

  /// The worker still remembers the limit.
  func testALinkWhoseLimitIsTakenAwayIsNeverGone() throws {
    try addLink(limit: 1)
    let pool = try pool()
    let worker = try pool.start()
    XCTAssertEqual(try Self.status(pool.socket, event: 1), "301")
    XCTAssertEqual(try Self.status(pool.socket, event: 2), "410")
    try execute("UPDATE short_urls SET max_visits = NULL; DELETE FROM visit_budgets")
    // It remembers for a moment that all visits were spent.
    XCTAssertTrue(try eventually(seconds: 20) { try Self.status(pool.socket, event: 3) == "301" })
    XCTAssertEqual(try Self.status(pool.socket, event: 4, method: "HEAD"), "301")
    XCTAssertNil(worker.wait(seconds: 0))
  }
}
