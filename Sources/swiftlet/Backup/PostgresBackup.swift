import Migrations
import Postgres
import Service

/// The links of a backup: PostgreSQL's own dump, taken and restored by its own programs.
///
/// The programs get the DSN by their environment.
final class PostgresBackup {
  static let file = "postgres.dump"
  /// What isn't dumped: counts that the dispatcher copies again, and who is signed in.
  ///
  /// A session that was ended after the backup would be back.
  private static let leftOut = ["link_visits", "sessions", "sign_in_codes"]
  /// Tables that a new database has rows in, or of which nothing is lost, and their rows that count.
  private static let unimportant: [String: SQL] = [
    "schema_migrations": "false", "worker_leases": "false", "announced_cache": "false",
    "link_visits": "false", "tenants": "id <> 0", "domains": "number <> 0",
  ]
  private static let timeout = 600_000

  private let options: ConnectionOptions
  private let environment: [String: String]

  /// - Throws: When PG_DSN can't be read.
  init(_ settings: Settings) throws {
    options = ConnectionOptions(
      dsn: settings.postgresDSN(of: .owner), applicationName: "swiftlet-backup",
      statementTimeoutMilliseconds: 0, lockTimeoutMilliseconds: 60_000)
    guard let environment = options.environment else {
      throw BackupError(Outcome.configuration, "PG_DSN can't be read")
    }
    self.environment = environment.merging(["PGAPPNAME": "swiftlet-backup"]) { own, _ in own }
  }

  private func connect() throws(PostgresError) -> Connection {
    try Connection(options, timeoutMilliseconds: 10_000)
  }

  /// Dumps the database.
  ///
  /// - Returns: The server's version, and the number of links in the dump.
  func dump(into directory: BackupDirectory) throws -> (version: String, links: Int) {
    let connection = try connect()
    defer { connection.close() }
    try connection.executeScript(
      unsafe: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "begin",
      timeoutMilliseconds: Self.timeout)
    let (snapshot, links) = try connection.executeOnce(
      "SELECT pg_export_snapshot(), (SELECT count(*) FROM short_urls)", "take a snapshot",
      timeoutMilliseconds: Self.timeout
    ).one { row throws(PostgresError) in (try row.text(), Int(try row.integer())) }
    try run(
      "pg_dump",
      [
        "--format=custom", "--no-owner", "--no-privileges", "--no-password",
        "--snapshot=\(snapshot)", "--file=\(directory.path(of: Self.file))",
      ] + Self.leftOut.map { "--exclude-table-data=\($0)" })
    let number = connection.serverVersion
    return ("\(number / 10_000).\(number % 10_000)", links)
  }

  /// The tables that have rows, which a restore would lose.
  func filled() throws -> [String] {
    let connection = try connect()
    defer { connection.close() }
    let names = try connection.executeOnce(
      "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1",
      "list the tables", timeoutMilliseconds: Self.timeout
    ).map { row throws(PostgresError) in try row.text() }
    return try names.filter { name in
      let condition = Self.unimportant[name] ?? "true"
      return try connection.executeOnce(
        "SELECT EXISTS (SELECT FROM \(identifier: name) WHERE \(condition))", "look for rows",
        timeoutMilliseconds: Self.timeout
      ).one { row throws(PostgresError) in try row.bool() }
    }
  }

  /// Restores the dump by one transaction, in place of tables without rows.
  ///
  /// - Parameters:
  ///   - directory: Has the dump.
  ///   - links: How many there must be afterwards.
  /// - Throws: When nothing is restored, or something else than was dumped.
  func restore(from directory: BackupDirectory, links: Int) throws {
    let path = directory.path(of: Self.file)
    let lines = try run("pg_restore", ["--list", path]).split(separator: "\n").map(String.init)
    let connection = try connect()
    defer { connection.close() }
    for line in lines {
      // 2; 3079 16400 EXTENSION - pg_trgm
      let words = line.split(separator: " ")
      guard words.count >= 6, words[3] == "EXTENSION" else { continue }
      try connection.executeScript(
        unsafe: "CREATE EXTENSION IF NOT EXISTS \"\(words[5])\"", "make the extension \(words[5])",
        timeoutMilliseconds: Self.timeout)
    }
    // Schemas and extensions belong to a superuser.
    let list = lines.filter { line in
      let words = line.split(separator: " ")
      return words.count < 4 || !["EXTENSION", "SCHEMA", "COMMENT"].contains(words[3])
    }.joined(separator: "\n")
    try run(
      "pg_restore",
      [
        "--single-transaction", "--exit-on-error", "--clean", "--if-exists", "--no-owner",
        "--no-privileges", "--no-comments", "--no-password", "--use-list=/dev/stdin",
        "--dbname=\(options.databaseName ?? "")", path,
      ], input: Array((list + "\n").utf8))
    let restored = try connection.executeOnce(
      "SELECT count(*) FROM short_urls", "count the links", timeoutMilliseconds: Self.timeout
    ).one { row throws(PostgresError) in Int(try row.integer()) }
    guard restored == links else {
      throw BackupError(
        Outcome.badData, "PostgreSQL has \(restored) links now, and had \(links) in the backup")
    }
  }

  /// Runs one of PostgreSQL's programs, and tells its failure by the status that suits it.
  @discardableResult
  private func run(
    _ program: String, _ arguments: [String], input: [UInt8] = []
  ) throws -> String {
    do throws(ProgramRunError) {
      return try ProgramRun.check(program, arguments, input: input, environment: environment)
    } catch {
      if Signals.stopRequested { throw Outcome.interrupted }
      guard case .failed(_, let status, let reason) = error.kind else {
        throw BackupError(
          Outcome.configuration, "\(error.description): install the package postgresql-client")
      }
      let exit =
        reason.contains("No space left")
        ? Outcome.notWritten
        : reason.contains("connection to server") ? Outcome.unavailable : Outcome.refused
      throw BackupError(exit, "\(program) failed (status \(status)): \(reason)")
    }
  }
}
