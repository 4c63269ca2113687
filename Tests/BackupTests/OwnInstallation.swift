import ClickHouse
import Clicks
import EngineSupport
import Foundation
import TestSupport
import XCTest

@testable import Pipeline

/// An installation with databases of its own, and `swiftlet` run on it.
final class OwnInstallation {
  let name = "swiftlet_backup_\(UInt64.random(in: 0...UInt64.max))"
  var environment: [String: String]
  let client: Client
  private let server: Client
  private let journal = JournalID(rawValue: 1)

  struct BadAddress: Error {}

  /// Chooses the databases' names; nothing is made.
  ///
  /// - Parameter clickHouse: The server; that of `CLICKHOUSE_URL` when nil.
  /// - Throws: When an engine's address is missing.
  init(clickHouse: String? = nil) throws {
    let url = try clickHouse ?? TestStack.value("CLICKHOUSE_URL")
    let root = url[..<(url.lastIndex(of: "/") ?? url.endIndex)]
    guard let address = ServerAddress(url: "\(root)/\(name)") else { throw BadAddress() }
    client = try Client(address, timeout: 20_000)
    server = try Client(address.with(database: "default"), timeout: 20_000)
    environment = [
      "PG_DSN": try PostgresDSN.database(name), "PG_LOOKUP_DSN": "", "PG_API_DSN": "",
      "PG_ANALYTICS_DSN": "", "PG_DISPATCHER_DSN": "", "CLICKHOUSE_URL": "\(root)/\(name)",
      "REDIS_URL": try TestStack.value("REDIS_URL"), "REDIS_TIMEOUT_MS": "1000",
      "BASE_URL": "https://sho.rt", "SWIFTLET_ENV": "/dev/null", "INITIAL_API_KEY": "",
    ]
  }

  deinit { try? dropDatabases() }

  func dropDatabases() throws {
    _ = try psql("DROP DATABASE IF EXISTS \(name) WITH (FORCE)", dsn: PostgresDSN.superuser())
    try server.execute("DROP DATABASE IF EXISTS \(identifier: name)")
  }

  /// Makes an empty database in ClickHouse.
  func makeDatabase() throws {
    try server.execute("CREATE DATABASE \(identifier: name)")
  }

  func swiftlet(
    _ arguments: String..., with others: [String: String] = [:]
  ) throws -> (status: Int32, output: String) {
    try Command.run(
      TestStack.programs.appendingPathComponent("swiftlet").path, arguments,
      environment: environment.merging(others) { _, other in other })
  }

  /// The same for one that must succeed.
  @discardableResult
  func check(_ arguments: String...) throws -> String {
    try Command.check(
      TestStack.programs.appendingPathComponent("swiftlet").path, arguments,
      environment: environment)
  }

  /// Starts one that goes on beside the test.
  func start(
    _ arguments: String..., with others: [String: String] = [:], output: String
  ) throws -> ChildProcess {
    try ChildProcess(
      TestStack.programs.appendingPathComponent("swiftlet").path, arguments,
      environment: environment.merging(others) { _, other in other }, output: output)
  }

  func psql(_ statement: String, dsn: String? = nil) throws -> String {
    try Command.check(
      "/usr/bin/psql",
      ["-qXAt", "-v", "ON_ERROR_STOP=1", dsn ?? environment["PG_DSN"] ?? "", "-c", statement])
  }

  /// Makes links, and stores some clicks as a consumer does.
  func fill() throws {
    try check("migrate")
    for number in 1...3 {
      try check("link", "create", "https://example.com/\(number)", "--slug", "l\(number)")
    }
    try check("key", "create", "mine")
    try check("link", "delete", "l3")
    try store(1...40)
  }

  func store(_ numbers: ClosedRange<Int>) throws {
    let sink = ClickSink(
      try Client(client.address, timeout: client.timeout), insertTimeout: 20_000)
    try sink.takeOver()
    var rows = ClickColumns()
    for number in numbers {
      rows.append(
        .sample(number, code: "c\(number % 10)"), at: .line(endingAt: number * 100, of: journal))
    }
    // Two months.
    let time: Int64 = numbers.lowerBound > 20 ? 1_766_841_000_000 : 1_763_841_000_000
    let (batch, day) = try sink.nextBatch(at: time)
    try sink.insertClicks(rows, batch: batch, day: day)
    try sink.insertCounts(
      rows, ends: [journal: numbers.upperBound * 100], batch: batch, targets: .all)
  }

  /// All that a backup should bring back, as text.
  func contents() throws -> [String] {
    let links = try ["short_urls", "api_keys", "outbox", "tenants", "domains"].map { table in
      try psql("SELECT t::text FROM \(table) t ORDER BY 1")
    }
    let questions: [SQL] = [
      "SELECT * FROM visits ORDER BY event_id", "SELECT * FROM seam",
      "SELECT * FROM visit_deletions",
      """
      SELECT scope, sumMerge(clicks), sumMerge(bots), uniqMerge(visitors),
        toUInt32(minMerge(first_visit)), toUInt32(maxMerge(last_visit)), maxMerge(last_batch)
      FROM link_totals GROUP BY scope ORDER BY scope
      """,
      // The servers write the first day of all differently.
      """
      SELECT scope, toUInt16(day), sumMerge(clicks) FROM link_days GROUP BY scope, day
      ORDER BY scope, day
      """,
      """
      SELECT scope, host, sumMerge(clicks) FROM link_referrers GROUP BY scope, host
      ORDER BY scope, host
      """,
      "SELECT journal, maxMerge(stored), maxMerge(last_batch) FROM click_journals GROUP BY journal",
      "SELECT number, name, checksum FROM schema_migrations ORDER BY number",
    ]
    return links
      + (try questions.map { question in
        try client.select(question).map { $0.joined(separator: " ") }.joined(separator: "\n")
      })
  }
}
