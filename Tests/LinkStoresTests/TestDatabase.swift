import Glibc
import Logging
import Migrations
import Postgres
import Service
import Sessions
import TestSupport

/// A PostgreSQL database of a test's own, brought up to date by the migrations that ship.
final class TestDatabase {
  let name: String
  let dsn: String

  init() throws {
    name = "swiftlet_test_\(UInt64.random(in: 0...UInt64.max))"
    dsn = try PostgresDSN.database(name)
    signal(SIGPIPE, SIG_IGN)
    try Migrator(
      postgres: PostgresMigrations(settings()), others: [], folder: Self.migrations
    ).migrate { _ in }
  }

  deinit {
    let dropped = try? admin("postgres").executeOnce(
      "DROP DATABASE \(identifier: name) WITH (FORCE)", "drop", timeoutMilliseconds: 10_000
    ).affected
    if dropped == nil { print("\(name) stays behind") }
  }

  /// The folder of the package.
  static let migrations =
    #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/migrations"

  func settings(_ others: [String: String] = [:]) throws -> Settings {
    try Settings(Variables(["PG_DSN": dsn].merging(others) { _, other in other }))
  }

  func session(_ others: [String: String] = [:]) throws -> PostgresSession {
    PostgresSession(try settings(others), program: "test", log: .quiet)
  }

  /// A connection besides the one that is tested.
  func admin(_ database: String? = nil) throws -> Postgres.Connection {
    var options = ConnectionOptions(
      dsn: dsn, applicationName: "test-admin", statementTimeoutMilliseconds: 0,
      lockTimeoutMilliseconds: 0)
    options.database = database
    return try Postgres.Connection(options, timeoutMilliseconds: 5000)
  }

  /// Ends every session of the tested program, as a restart of the server does.
  func terminateSessions() throws {
    _ = try admin().executeOnce(
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = \(name) AND application_name = 'swiftlet-test'
      """, "terminate", timeoutMilliseconds: 5000)
    usleep(50_000)
  }
}

extension Logger {
  static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
