import EngineSupport
import Foundation
import Glibc
import Metrics
import Postgres
import Service
import TestSupport
import XCTest

/// A database, a Redis and a place for one test's dispatchers, which run as processes.
final class DispatcherBench {
  let database: ScratchPostgres
  let redis: PrivateRedis
  private let directory: ScratchDirectory
  private let admin: Postgres.Connection
  private let variables: [String: String]

  /// - Parameter variables: Laid over those of the dispatchers.
  /// - Throws: When an engine isn't there.
  init(_ variables: [String: String] = [:]) throws {
    database = try ScratchPostgres()
    redis = try PrivateRedis(["--enable-debug-command", "local"])
    directory = try ScratchDirectory("dispatcher")
    admin = try database.admin()
    self.variables = [
      "PG_DSN": database.dsn, "PG_DISPATCHER_DSN": "", "REDIS_URL": redis.url,
      "SWIFTLET_ENV": "/dev/null", "LOG_LEVEL": "debug",
    ].merging(variables) { _, new in new }
  }

  // MARK: - Dispatchers

  /// Starts a dispatcher; each host has a state directory of its own.
  func start(_ host: String = "a", _ others: [String: String] = [:]) throws -> ChildProcess {
    let own = ["STATE_DIR": directory(host)].merging(others) { _, other in other }
    return try ChildProcess(
      TestStack.programs.appendingPathComponent("dispatcher").path,
      environment: variables.merging(own) { _, own in own }, output: directory(host + ".log"))
  }

  /// The same, and waits until it is active.
  func startActive(_ host: String = "a") throws -> ChildProcess {
    let process = try start(host)
    try wait("active") { isActive(host) }
    return process
  }

  /// Starts one that is active and has announced all to a Redis.
  func startTold(_ redis: PrivateRedis? = nil) throws -> ChildProcess {
    let process = try startActive()
    try waitUntilTold(redis)
    return process
  }

  /// Starts two: the active one of host a, and then that of host b, which stands by.
  func startPair() throws -> (active: ChildProcess, other: ChildProcess) {
    let active = try startActive("a")
    let other = try start("b")
    try waitUntilStandingBy("b")
    return (active, other)
  }

  func waitUntilStandingBy(_ host: String) throws {
    try wait("standing by") { log(host).contains("standing by") }
  }

  func isActive(_ host: String = "a") -> Bool { gauge(.isDispatching, host) == 1 }

  func kill(_ process: ChildProcess) {
    process.signal(SIGKILL)
    XCTAssertEqual(process.wait(seconds: 60), 128 + SIGKILL)
  }

  /// Asks a dispatcher to stop, which it must do.
  func stop(_ process: ChildProcess) {
    process.signal(SIGTERM)
    XCTAssertEqual(process.wait(seconds: 60), 0)
  }

  func log(_ host: String = "a") -> String {
    (try? String(contentsOfFile: directory(host + ".log"), encoding: .utf8)) ?? ""
  }

  func totals(_ host: String = "a") -> Totals {
    MetricsDirectory(StateDirectory(directory(host))).totals()
  }

  func gauge(_ gauge: Gauge, _ host: String = "a") -> Int64? {
    totals(host).gauge(gauge, .dispatcher)
  }

  func count(_ counter: Counter, _ host: String = "a") -> UInt64 {
    totals(host).count(counter, .dispatcher)
  }

  // MARK: - Changes

  /// Writes changes of links down, as their writer does, whose own announcement reaches nobody.
  func change(_ slugs: String..., domain: String = "") throws {
    try insert(slugs, domain, by: admin)
  }

  func insert(_ slugs: [String], _ domain: String = "", by connection: Postgres.Connection) throws {
    for slug in slugs {
      _ = try connection.executeOnce(
        "INSERT INTO outbox (link, domain, slug) VALUES (1, \(domain), \(slug))", "change",
        timeoutMilliseconds: 20_000)
    }
  }

  /// Many changes, each of another link: `<prefix><number>`.
  func change(_ count: Int, prefix: String, by connection: Postgres.Connection? = nil) throws {
    _ = try (connection ?? admin).executeOnce(
      """
      INSERT INTO outbox (link, slug) SELECT number, \(prefix) || number
      FROM generate_series(1, \(count)) AS number
      """, "change", timeoutMilliseconds: 60_000)
  }

  /// How many rows there are for which a condition holds.
  func rows(_ condition: SQL = "TRUE") throws -> Int {
    try admin.executeOnce(
      "SELECT count(*) FROM outbox WHERE \(condition)", "count", timeoutMilliseconds: 20_000
    ).one { row throws(PostgresError) in Int(try row.integer()) }
  }

  func execute(_ statement: SQL) throws {
    _ = try admin.executeOnce(statement, "test", timeoutMilliseconds: 20_000)
  }

  func text(_ question: SQL) throws -> String? {
    try admin.executeOnce(question, "test", timeoutMilliseconds: 20_000)
      .first { row throws(PostgresError) in try row.text() }
  }

  /// Makes what waits for its second announcement due now.
  func endRepeatPause() throws {
    try execute("UPDATE outbox SET due_at = now() WHERE due_at > '-infinity'")
  }

  // MARK: - Redis

  /// Puts the value of before the change into Redis.
  func remember(_ slug: String, in redis: PrivateRedis? = nil) throws {
    try (redis ?? self.redis).command("SET", "short_url:\(slug)", "https://old.example/")
  }

  func isRemembered(_ slug: String, in redis: PrivateRedis? = nil) throws -> Bool {
    try (redis ?? self.redis).command("EXISTS", "short_url:\(slug)").hasPrefix("1")
  }

  /// Waits until Redis has forgotten a link.
  func waitUntilForgotten(_ slug: String, in redis: PrivateRedis? = nil) throws {
    try wait("\(slug) is forgotten") { try !isRemembered(slug, in: redis) }
  }

  /// Waits until the rows of this Redis are known to be announced to it.
  func waitUntilTold(_ redis: PrivateRedis? = nil) throws {
    let info = try (redis ?? self.redis).command("INFO", "server")
    let line = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("run_id:") }
    let run = try XCTUnwrap(line?.dropFirst(7).description)
    try wait("\(run) is told") {
      try text("SELECT identity FROM announced_cache")?.hasPrefix(run) ?? false
    }
  }

  // MARK: - Waiting

  struct NeverCame: Error, CustomStringConvertible {
    let description: String
  }

  func wait(_ what: String, _ condition: () throws -> Bool) throws {
    guard try eventually(seconds: 60, condition) else {
      throw NeverCame(description: "\(what); \(log().suffix(2000)) \(log("b").suffix(2000))")
    }
  }
}
