import Migrations
import Postgres
import Service

/// The links of a backup, restored by one transaction in place of tables without rows.
///
/// It locks the tables, looks for rows, drops them, runs the dump's script, and compares the number of links.
/// So there is the old state or the new one, and nothing that was stored meanwhile is lost. It also notes
/// which backup it was (`has`), until the whole restore is done.
struct PostgresRestore {
  /// Tables that a new database has rows in, or of which nothing is lost, and their rows that count.
  private static let unimportant: [String: SQL] = [
    "schema_migrations": "false", "worker_leases": "false", "announced_cache": "false",
    "link_visits": "false", "tenants": "id <> 0", "domains": "number <> 0",
  ]
  /// The key of the advisory lock of that transaction: "restore" in ASCII.
  private static let lockKey: Int64 = 0x0072_6573_746F_7265

  let postgres: PostgresAccess
  /// The command that restores this backup.
  let command: String
  /// What stands for the backup: the SHA-256 of its manifest.
  let id: String
  /// The tables of the migrations.
  let known: Set<String>

  /// The note begins so.
  private var note: String { "\(PostgresMigrations.restoreNote)\(id) " }

  private func withSession<Result>(_ body: (Connection) throws -> Result) throws -> Result {
    let connection = try postgres.connect()
    defer { connection.close() }
    return try body(connection)
  }

  /// The tables that have rows, which a restore would lose.
  private func filled() throws -> [String] {
    try withSession { connection in
      try tables(connection).filter { name in
        try connection.executeOnce(
          "SELECT EXISTS (SELECT FROM \(identifier: name) WHERE \(Self.rows(of: name)))",
          "look for rows", timeoutMilliseconds: PostgresAccess.timeout
        ).one { row throws(PostgresError) in try row.bool() }
      }
    }
  }

  private func tables(_ connection: Connection) throws(PostgresError) -> [String] {
    try connection.executeOnce(
      "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1",
      "list the tables", timeoutMilliseconds: PostgresAccess.timeout
    ).map { row throws(PostgresError) in try row.text() }
  }

  private static func rows(of table: String) -> SQL { unimportant[table] ?? "true" }

  /// Whether the database has this backup, and the restore isn't done yet.
  ///
  /// A transaction that we lost sight of has ended by then.
  func has() throws -> Bool {
    try withSession { connection in
      _ = try connection.executeOnce(
        "SELECT pg_advisory_lock(\(Self.lockKey))", "wait for an earlier restore",
        timeoutMilliseconds: PostgresAccess.timeout)
      return try connection.executeOnce(
        """
        SELECT coalesce(
          starts_with(obj_description(to_regclass('schema_migrations'), 'pg_class'), \(note)), false)
        """, "look for an earlier restore", timeoutMilliseconds: PostgresAccess.timeout
      ).one { row throws(PostgresError) in try row.bool() }
    }
  }

  /// Removes the note: the whole restore is done.
  func forget() throws {
    try withSession { connection in
      try connection.executeScript(
        unsafe: "COMMENT ON TABLE schema_migrations IS NULL", "end the restore",
        timeoutMilliseconds: PostgresAccess.timeout)
    }
  }

  /// What is in a dump.
  private struct Contents {
    /// The parts that are restored, as pg_restore lists them.
    let list: String
    /// The names of the tables.
    let tables: Set<String>
  }

  /// - Throws: When the dump's schema isn't ours.
  private func contents(of directory: BackupDirectory) throws -> Contents {
    let path = directory.path(of: PostgresBackup.file)
    let lines = try postgres.run("pg_restore", ["--list", path]).split(separator: "\n")
    // 215; 1259 16401 TABLE public short_urls swiftlet
    let words = lines.map { $0.split(separator: " ") }
    let tables = words.filter { $0.count > 5 && $0[3] == "TABLE" && $0[4] != "DATA" }
    let schemas = Set(tables.map { String($0[4]) })
    let schema = try withSession { try postgres.schema($0) }
    guard schemas == [schema] else {
      throw BackupError(
        Outcome.refused,
        "the backup's tables are in the schema \(schemas.sorted().joined(separator: ", ")), and PG_DSN's "
          + "search_path begins with \(schema)")
    }
    // Schemas belong to a superuser, and so do comments on extensions.
    let list = zip(lines, words).filter { _, words in
      words.count < 4 || !["SCHEMA", "COMMENT"].contains(words[3])
    }.map { $0.0 + "\n" }.joined()
    return Contents(
      list: list, tables: Set(tables.map { $0[5...].dropLast().joined(separator: " ") }))
  }

  /// Throws unless the dump suits our schema, whose tables have no rows.
  func check(_ directory: BackupDirectory) throws {
    _ = try contents(of: directory)
    let filled = try filled()
    guard filled.isEmpty else { throw BackupError.notEmpty("PostgreSQL", filled) }
  }

  /// Restores the dump.
  ///
  /// - Parameters:
  ///   - directory: Has the dump.
  ///   - links: How many there must be afterwards.
  ///   - meanwhile: Is called now and then.
  /// - Throws: When nothing is restored, or when that isn't known (`Unknown`).
  func run(from directory: BackupDirectory, links: Int, meanwhile: () -> Void) throws {
    let path = directory.path(of: PostgresBackup.file)
    let contents = try contents(of: directory)
    let schema = try withSession { try postgres.schema($0) }
    let ours = known.union(contents.tables)
    let present = try withSession { try tables($0) }.filter { ours.contains($0) }
    do {
      try postgres.restore(
        ["--no-owner", "--no-privileges", "--no-comments", path], list: contents.list,
        after: head(present), before: { Signals.stopRequested ? nil : tail(schema, links) },
        meanwhile: meanwhile)
    } catch {
      // It may have failed after its COMMIT.
      if try isThere(after: error) { return }
      throw error
    }
    guard try isThere(after: nil) else { throw Outcome.interrupted }
  }

  /// Thrown when PostgreSQL doesn't say whether the links are there.
  struct Unknown: Error, CustomStringConvertible {
    let description: String
  }

  private func isThere(after error: (any Error)?) throws -> Bool {
    do { return try has() } catch let other {
      throw Unknown(description: "\(error ?? other)")
    }
  }

  // MARK: - The transaction

  /// Begins it, and drops our tables and the functions of their triggers.
  private func head(_ tables: [String]) -> String {
    let names = SQL.list(tables.map { "\(identifier: $0)" as SQL }).text
    let literals = SQL.list(tables.map { "\(literal: $0)" as SQL }).text
    let checks = tables.map { name in
      let check: SQL = """
          IF EXISTS (SELECT FROM \(identifier: name) WHERE \(Self.rows(of: name))) THEN
            RAISE EXCEPTION '% has rows since this restore began', \(literal: name);
          END IF;

        """
      return check.text
    }
    return """
      SET lock_timeout = '60s';
      SET client_min_messages = warning;
      BEGIN ISOLATION LEVEL READ COMMITTED;
      DO \(Self.dollars)
      DECLARE
        function regprocedure;
        functions regprocedure[] := ARRAY(
          SELECT DISTINCT p.oid::regprocedure FROM pg_trigger AS t
          JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid
          WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
            AND p.pronamespace = c.relnamespace AND c.relname = ANY (ARRAY[\(literals)]::text[]));
      BEGIN
        PERFORM pg_advisory_xact_lock(\(Self.lockKey));
        \(tables.isEmpty ? "" : "LOCK TABLE \(names) IN ACCESS EXCLUSIVE MODE;")
      \(checks.joined())
        \(tables.isEmpty ? "" : "DROP TABLE \(names);")
        FOREACH function IN ARRAY functions LOOP
          EXECUTE 'DROP FUNCTION ' || function;
        END LOOP;
      END
      \(Self.dollars);

      """
  }

  /// Ends it, if all links are there.
  private func tail(_ schema: String, _ links: Int) -> String {
    let (schema, note): (SQL, SQL) = ("\(identifier: schema)", "\(literal: note + command)")
    return """

      DO \(Self.dollars)
      DECLARE
        links bigint := (SELECT count(*) FROM \(schema.text).short_urls);
      BEGIN
        IF links <> \(links) THEN
          RAISE EXCEPTION 'there are % links now, and there were \(links) in the backup', links;
        END IF;
      END
      \(Self.dollars);
      COMMENT ON TABLE \(schema.text).schema_migrations IS \(note.text);
      COMMIT;

      """
  }

  /// The quotes around a block of statements.
  private static let dollars = "$swiftlet_restore$"
}
