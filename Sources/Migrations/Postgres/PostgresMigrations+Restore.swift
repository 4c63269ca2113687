import Postgres

/// The note that a restore leaves in PostgreSQL until it is done: a comment on the ledger.
extension PostgresMigrations {
  /// What every note begins with; an id without spaces and the command follow.
  package static let restoreNote = "unfinished: "

  /// The command that ends a restore, or nil when there is none to end.
  package func unfinishedRestore() throws(MigrationError) -> String? {
    try asking { connection throws(PostgresError) in
      let note = try connection.executeOnce(
        "SELECT obj_description(to_regclass('schema_migrations'), 'pg_class')",
        "look for a restore", timeoutMilliseconds: Self.questionTimeout
      ).one { row throws(PostgresError) in try row.optionalText() }
      guard let note, note.hasPrefix(Self.restoreNote) else { return nil }
      return String(note.dropFirst(Self.restoreNote.count).drop { $0 != " " }.dropFirst())
    }
  }
}
