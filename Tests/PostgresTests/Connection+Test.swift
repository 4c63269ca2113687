import Glibc
import Postgres
import TestSupport

extension Connection {
  /// A session with the stack's server.
  static func test(
    statementTimeout: Int = 0, dsn: String? = nil, timeout: Int = 10_000
  ) throws -> Connection {
    signal(SIGPIPE, SIG_IGN)
    return try Connection(
      ConnectionOptions(
        dsn: try dsn ?? TestStack.value("PG_DSN"), applicationName: "tests",
        statementTimeoutMilliseconds: statementTimeout, lockTimeoutMilliseconds: 0),
      timeoutMilliseconds: timeout)
  }

  func run(_ sql: SQL) throws -> Rows {
    try execute(sql, "test", timeoutMilliseconds: 20_000)
  }

  func runOnce(_ sql: SQL) throws -> Rows {
    try executeOnce(sql, "test", timeoutMilliseconds: 20_000)
  }

  /// The only column of the only row.
  func integer(_ sql: SQL) throws -> Int64 {
    try runOnce(sql).one { row throws(PostgresError) in try row.integer() }
  }

  /// The only column of the only row.
  func text(_ sql: SQL) throws -> String {
    try runOnce(sql).one { row throws(PostgresError) in try row.text() }
  }

  /// Ends the session from the server's side, and waits until that is to be seen.
  func end(by other: Connection) throws -> Bool {
    _ = try other.runOnce("SELECT pg_terminate_backend(\(backendPID)::int4)")
    return eventually(seconds: 20) { !isUsable }
  }
}
