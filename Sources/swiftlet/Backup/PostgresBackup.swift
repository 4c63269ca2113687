import Postgres

/// The links of a backup: the dump of our schema by PostgreSQL's own program.
struct PostgresBackup {
  static let file = "postgres.dump"
  /// What isn't dumped: counts that the dispatcher copies again, and who is signed in.
  ///
  /// A session that was ended after the backup would be back.
  private static let leftOut = ["link_visits", "sessions", "sign_in_codes"]

  let postgres: PostgresAccess

  /// Dumps our schema, and names the extensions that its indexes need.
  ///
  /// - Returns: The server's version, and the number of links in the dump.
  func dump(into directory: BackupDirectory) throws -> (version: String, links: Int) {
    let connection = try postgres.connect()
    defer { connection.close() }
    try connection.executeScript(
      unsafe: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "begin",
      timeoutMilliseconds: PostgresAccess.timeout)
    let (snapshot, links) = try connection.executeOnce(
      "SELECT pg_export_snapshot(), (SELECT count(*) FROM short_urls)", "take a snapshot",
      timeoutMilliseconds: PostgresAccess.timeout
    ).one { row throws(PostgresError) in (try row.text(), Int(try row.integer())) }
    let schema = Self.pattern(try postgres.schema(connection))
    let extensions = try extensions(connection).map { "--extension=\(Self.pattern($0))" }
    try postgres.run(
      "pg_dump",
      [
        "--format=custom", "--no-owner", "--no-privileges", "--no-password", "--schema=\(schema)",
        "--snapshot=\(snapshot)", "--file=\(directory.path(of: Self.file))",
      ] + extensions + Self.leftOut.map { "--exclude-table-data=\(schema).\($0)" })
    let number = connection.serverVersion
    return ("\(number / 10_000).\(number % 10_000)", links)
  }

  private func extensions(_ connection: Connection) throws -> [String] {
    try connection.executeOnce(
      """
      SELECT DISTINCT extname::text FROM pg_class AS i
      JOIN pg_depend AS used ON used.classid = 'pg_class'::regclass AND used.objid = i.oid
      JOIN pg_depend AS part ON part.classid = used.refclassid AND part.objid = used.refobjid
        AND part.deptype = 'e'
      JOIN pg_extension AS e ON e.oid = part.refobjid
      WHERE i.relnamespace = current_schema()::regnamespace ORDER BY 1
      """, "list the extensions", timeoutMilliseconds: PostgresAccess.timeout
    ).map { row throws(PostgresError) in try row.text() }
  }

  /// A pattern of pg_dump that is exactly this name.
  private static func pattern(_ name: String) -> String { ("\(identifier: name)" as SQL).text }
}
