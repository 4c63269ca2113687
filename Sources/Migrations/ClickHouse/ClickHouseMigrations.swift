import ClickHouse
package import Service

/// ClickHouse as a target of migrations.
///
/// Its ledger, the table `schema_migrations`, is its own, so that a server whose data was lost is
/// built anew. ClickHouse knows no transactions: a file's statements must bear being run again
/// (`IF NOT EXISTS`, or `Rename`), since a crash may come before its entry in the ledger.
package final class ClickHouseMigrations: MigrationTarget {
  package let engine = Migration.Engine.clickHouse
  private let address: ServerAddress
  private let client: Client
  /// For what must work before the database is there.
  private let system: Client

  private static let questionTimeout = 10_000
  /// Of a statement of a migration, in milliseconds.
  static let timeout = 3_600_000

  /// - Throws: `SettingError` when CLICKHOUSE_URL can't be read.
  package init(_ settings: Settings) throws(SettingError) {
    (address, client, system) = try settings.clickHouse { url in
      guard let address = ServerAddress(url: url),
        let client = try? Client(address, timeout: Self.questionTimeout),
        let system = try? Client(address.with(database: "system"), timeout: Self.questionTimeout)
      else { return nil }
      return (address, client, system)
    }
  }

  package func version() throws(MigrationError) -> [Int] {
    try asking { () throws(ClickHouseError) in
      let version = try system.serverVersion()
      return [version.major, version.minor]
    }
  }

  package func obstacle(to extension: String) throws(MigrationError) -> String? {
    "needs the extension \(`extension`), and ClickHouse has none"
  }

  package func ledger() throws(MigrationError) -> [Int: LedgerEntry] {
    try asking { () throws(ClickHouseError) in
      let known = try system.select(
        """
        SELECT count() FROM system.tables
        WHERE database = \(address.database) AND name = 'schema_migrations'
        """)
      guard known.first?.first == "1" else { return [:] }
      let rows = try client.select(
        """
        SELECT number, name, checksum, toString(applied_at)
        FROM schema_migrations ORDER BY number
        """)
      var ledger: [Int: LedgerEntry] = [:]
      for row in rows where row.count == 4 {
        guard let number = Int(row[0]) else { continue }
        let time = row[3].split(separator: " ").joined(separator: "T") + "Z"
        ledger[number] = LedgerEntry(name: row[1], checksum: row[2], appliedAt: time)
      }
      return ledger
    }
  }

  package func prepare() throws(MigrationError) {
    try asking { () throws(ClickHouseError) in
      try system.execute("CREATE DATABASE IF NOT EXISTS \(identifier: address.database)")
      try client.execute(
        """
        CREATE TABLE IF NOT EXISTS schema_migrations
        (number UInt32, name String, checksum String, applied_at DateTime('UTC'))
        ENGINE = MergeTree ORDER BY number
        """)
    }
  }

  package func apply(_ migration: Migration, checksum: String) throws(MigrationError) {
    for statement in SQLScript.statements(in: migration.text) {
      try apply(statement, of: migration)
    }
    try asking { () throws(ClickHouseError) in
      try client.execute(
        """
        INSERT INTO schema_migrations (number, name, checksum, applied_at)
        SELECT toUInt32(\(migration.number)), \(migration.name), \(checksum), now()
        """)
    }
  }

  private func apply(_ statement: String, of migration: Migration) throws(MigrationError) {
    guard let rename = Rename(statement, client) else {
      return try asking { () throws(ClickHouseError) in
        try client.execute(SQL(unsafe: statement), timeout: Self.timeout)
      }
    }
    guard let table = try asking({ () throws(ClickHouseError) in try rename.carryOut() }) else {
      return
    }
    throw MigrationError(
      .refused,
      "clickhouse/\(migration.name): ClickHouse was killed amid a RENAME, and \(table) has rows that were "
        + "stored since: see migrations/README.md, \"Killed amid a RENAME\"")
  }

  private func asking<Result>(
    _ body: () throws(ClickHouseError) -> Result
  ) throws(MigrationError) -> Result {
    do throws(ClickHouseError) {
      return try body()
    } catch {
      throw MigrationError(error.isRetriable ? .unavailable : .refused, error.debugDescription)
    }
  }
}
