import Postgres
package import Service

/// PostgreSQL as a target of migrations, and the keeper of the lock and the checksums of all.
///
/// Each file runs in one transaction with its entry in the ledger, the table `schema_migrations`; one
/// that says so runs without (`PostgresMigrations+Stepwise`).
package final class PostgresMigrations: MigrationTarget {
  package let engine = Migration.Engine.postgres
  private let options: Postgres.ConnectionOptions
  /// The programs that have a login of their own.
  let logins: [(user: PostgresUser, options: Postgres.ConnectionOptions)]
  private var connection: Postgres.Connection?

  /// For questions and for a migration's statements.
  static let questionTimeout = 10_000
  static let migrationTimeout = 3_600_000
  /// How long a run waits for another one.
  private static let patienceSeconds = 600
  /// Ours among advisory locks: "swiftlet" in ASCII.
  private static let lockKey: Int64 = 0x7377_6966_746C_6574

  package init(_ settings: Settings) {
    func options(_ user: PostgresUser) -> Postgres.ConnectionOptions {
      ConnectionOptions(
        dsn: settings.postgresDSN(of: user), applicationName: "swiftlet-migrate",
        statementTimeoutMilliseconds: 0, lockTimeoutMilliseconds: 60_000)
    }
    self.options = options(.owner)
    logins = PostgresUser.allCases.filter {
      settings.postgresDSN(of: $0) != settings.postgresDSN(of: .owner)
    }.map { ($0, options($0)) }
  }

  package func version() throws(MigrationError) -> [Int] {
    let number = try open().serverVersion
    return [number / 10_000, number % 10_000]
  }

  package func ledger() throws(MigrationError) -> [Int: LedgerEntry] {
    try asking { connection throws(PostgresError) in
      let exists = try connection.executeOnce(
        "SELECT to_regclass('schema_migrations') IS NOT NULL", "look for the ledger",
        timeoutMilliseconds: Self.questionTimeout)
      guard try exists.one({ row throws(PostgresError) in try row.bool() }) else { return [:] }
      let rows = try connection.executeOnce(
        """
        SELECT number, name, checksum,
          to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        FROM schema_migrations
        """, "read the ledger", timeoutMilliseconds: Self.questionTimeout)
      let entries = try rows.map { row throws(PostgresError) in
        (
          Int(try row.integer()),
          LedgerEntry(
            name: try row.text(), checksum: try row.text(), appliedAt: try row.text())
        )
      }
      return Dictionary(entries) { first, _ in first }
    }
  }

  package func prepare() throws(MigrationError) {
    try asking { connection throws(PostgresError) in
      try connection.executeScript(
        unsafe: """
          CREATE TABLE IF NOT EXISTS schema_migrations (
            number int PRIMARY KEY,
            name text NOT NULL,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
          )
          """, "make the ledger", timeoutMilliseconds: Self.questionTimeout)
    }
  }

  package func apply(_ migration: Migration, checksum: String) throws(MigrationError) {
    guard migration.isTransaction else { return try applyStepwise(migration, checksum: checksum) }
    try asking { connection throws(PostgresError) in
      let long = Self.migrationTimeout
      let operation = "apply " + migration.name
      try connection.transaction(operation, timeoutMilliseconds: long) { () throws(PostgresError) in
        try connection.executeScript(
          unsafe: migration.text, operation, timeoutMilliseconds: long)
        try enter(migration, checksum, connection)
      }
    }
  }

  /// Enters a migration into the ledger.
  func enter(
    _ migration: Migration, _ checksum: String, _ connection: Postgres.Connection
  ) throws(PostgresError) {
    _ = try connection.executeOnce(
      """
      INSERT INTO schema_migrations (number, name, checksum)
      VALUES (\(migration.number)::int8::int, \(migration.name), \(checksum))
      """, "enter " + migration.name, timeoutMilliseconds: Self.migrationTimeout)
  }
}

// MARK: - Database, checksums and lock

extension PostgresMigrations {
  /// Makes the database that the DSN names if it does not exist and we may.
  package func prepareDatabase() throws(MigrationError) {
    do throws(MigrationError) {
      _ = try open()
    } catch {
      guard try createDatabase() else { throw error }
      _ = try open()
    }
  }

  /// SHA-256 of a text in hex, by PostgreSQL's own `sha256`.
  func checksum(of text: String) throws(MigrationError) -> String {
    try asking { connection throws(PostgresError) in
      let rows = try connection.execute(
        "SELECT encode(sha256(\(bytes: Array(text.utf8))), 'hex')", "take a checksum",
        timeoutMilliseconds: Self.questionTimeout)
      return try rows.one { row throws(PostgresError) in try row.text() }
    }
  }

  /// Takes the lock of all runs if it is free; it may be ours already.
  ///
  /// - Returns: False while another run has it.
  package func tryLock() throws(MigrationError) -> Bool {
    try asking { connection throws(PostgresError) in
      try connection.execute(
        "SELECT pg_try_advisory_lock(\(Self.lockKey))", "take the lock",
        timeoutMilliseconds: Self.questionTimeout
      ).one { row throws(PostgresError) in try row.bool() }
    }
  }

  /// Takes the lock of all runs, waiting for another one to end.
  func lock() throws(MigrationError) {
    for _ in 0..<Self.patienceSeconds * 5 {
      if try tryLock() { return }
      guard !Signals.stopRequested else { throw .interrupted }
      Pause.milliseconds(200)
    }
    throw MigrationError(
      .unavailable, "another run holds the lock since \(Self.patienceSeconds) seconds")
  }

  /// Throws when the session was lost, and the lock with it.
  package func checkLock() throws(MigrationError) {
    try asking { connection throws(PostgresError) in
      _ = try connection.executeOnce(
        "SELECT 1", "see whether the lock is held", timeoutMilliseconds: Self.questionTimeout)
    }
  }

  /// The lock ends with the session.
  package func unlock() {
    connection = nil
  }

  private func open() throws(MigrationError) -> Postgres.Connection {
    if let connection { return connection }
    do throws(PostgresError) {
      let opened = try Postgres.Connection(options, timeoutMilliseconds: Self.questionTimeout)
      connection = opened
      return opened
    } catch {
      throw MigrationError(.unavailable, error.debugDescription)
    }
  }

  func asking<Result>(
    _ body: (Postgres.Connection) throws(PostgresError) -> Result
  ) throws(MigrationError) -> Result {
    let connection = try open()
    do throws(PostgresError) {
      return try body(connection)
    } catch {
      let isUnavailable = error.isConnectionLoss || error.isTimeout
      let advice = error.state == .insufficientPrivilege ? Self.ownership : ""
      throw MigrationError(
        isUnavailable ? .unavailable : .refused, error.debugDescription + advice)
    }
  }

  /// The usual cause of a missing right: the settings named another role before.
  private static let ownership =
    ": PG_DSN must name the owner of the database and its tables; a superuser gives them to another role by "
    + "ALTER DATABASE … OWNER TO … and REASSIGN OWNED BY … TO …"

  /// Makes the database if it isn't there; whether it is there now, as far as can be told.
  private func createDatabase() throws(MigrationError) -> Bool {
    guard let name = options.databaseName else { return false }
    var maintenance = options
    maintenance.database = "postgres"
    do throws(PostgresError) {
      let connection = try Postgres.Connection(
        maintenance, timeoutMilliseconds: Self.questionTimeout)
      let known = try connection.executeOnce(
        "SELECT 1 FROM pg_database WHERE datname = \(name)", "look for the database",
        timeoutMilliseconds: Self.questionTimeout)
      // Another run may have made it since we were told that it isn't there.
      guard known.count == 0 else { return true }
      _ = try connection.executeOnce(
        "CREATE DATABASE \(identifier: name)", "create the database \(name)",
        timeoutMilliseconds: Self.migrationTimeout)
      return true
    } catch SQLState.duplicateDatabase {
      return true
    } catch SQLState.uniqueViolation {
      return true
    } catch {
      guard error.state.family != "08", error.state != .deadlineExceeded else { return false }
      throw MigrationError(.refused, error.debugDescription)
    }
  }
}
