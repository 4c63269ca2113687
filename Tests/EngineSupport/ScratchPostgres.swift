import Foundation
import Glibc
import Logging
import Migrations
package import Postgres
package import Service
package import Sessions
import TestSupport

/// A PostgreSQL database of a test's own, brought up to date by the migrations that ship or by others.
package final class ScratchPostgres {
  package let name: String
  package let dsn: String

  package init(migrations directory: String = ScratchPostgres.migrations) throws {
    name = "swiftlet_test_\(UInt64.random(in: 0...UInt64.max))"
    dsn = try PostgresDSN.database(name)
    signal(SIGPIPE, SIG_IGN)
    try Migrator(
      postgres: PostgresMigrations(settings()), others: [], directory: directory
    ).migrate { _ in }
  }

  deinit {
    let dropped = try? admin("postgres").executeOnce(
      "DROP DATABASE \(identifier: name) WITH (FORCE)", "drop", timeoutMilliseconds: 10_000
    ).affected
    if dropped == nil { print("\(name) stays behind") }
  }

  /// The directory of those that ship.
  package static let migrations = Repository.url("migrations").path

  package func settings(_ others: [String: String] = [:]) throws -> Settings {
    try Self.settings(dsn, others)
  }

  /// Those of a program that goes to this DSN.
  package static func settings(
    _ dsn: String, _ others: [String: String] = [:]
  ) throws -> Settings {
    try Settings(Variables(["PG_DSN": dsn].merging(others) { _, other in other }))
  }

  package func session(_ others: [String: String] = [:]) throws -> PostgresSession {
    PostgresSession(try settings(others), as: .owner, program: "test", log: .quiet)
  }

  /// A second connection, beside the tested one.
  package func admin(_ database: String? = nil) throws -> Postgres.Connection {
    var options = ConnectionOptions(
      dsn: dsn, applicationName: "test-admin", statementTimeoutMilliseconds: 0,
      lockTimeoutMilliseconds: 0)
    options.database = database
    return try Postgres.Connection(options, timeoutMilliseconds: 5000)
  }

  /// Ends every session of the tested program, as a restart of the server does.
  package func terminateSessions() throws {
    _ = try admin().executeOnce(
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = \(name) AND application_name = 'swiftlet-test'
      """, "terminate", timeoutMilliseconds: 5000)
    usleep(50_000)
  }
}
