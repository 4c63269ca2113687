import Postgres

/// A `CREATE INDEX CONCURRENTLY` of a migration without a transaction, which may be run again after it
/// was broken off at any point.
///
/// A build that fails leaves an index that is INVALID: no query uses it, every insert maintains it, and
/// `IF NOT EXISTS` takes it for done. So it is dropped first, without blocking writers either. It can't be
/// one that another run is building: the lock of all runs is held by the session that builds.
struct ConcurrentIndex {
  /// As the statement has it.
  let name: String

  /// Nil for another statement.
  init?(_ statement: String) {
    let words = Self.words(statement)
    guard let start = Self.endOfCreateIndex(words),
      words[start...].starts(with: ["CONCURRENTLY", "IF", "NOT", "EXISTS"]),
      words.count > start + 5, words[start + 5] == "ON"
    else { return nil }
    name = words[start + 4]
  }

  /// Refuses a statement that makes an index and blocks writers, or that can't be run again.
  static func check(_ statement: String, of migration: String) throws(MigrationError) {
    guard endOfCreateIndex(words(statement)) != nil, Self(statement) == nil else { return }
    throw MigrationError(
      .files,
      "postgres/\(migration): an index without a transaction should read "
        + "CREATE INDEX CONCURRENTLY IF NOT EXISTS name ON")
  }

  /// Drops what a build that was broken off has left.
  func dropInvalid(
    _ connection: Connection, timeoutMilliseconds: Int
  ) throws(PostgresError) {
    let left = try connection.executeOnce(
      """
      SELECT 1 FROM pg_index
      WHERE indexrelid = to_regclass(\(name)) AND NOT (indisvalid AND indisready AND indislive)
      """, "look for an invalid index", timeoutMilliseconds: timeoutMilliseconds)
    guard left.count > 0 else { return }
    try connection.executeScript(
      unsafe: "DROP INDEX CONCURRENTLY IF EXISTS \(name)", "drop the invalid index \(name)",
      timeoutMilliseconds: timeoutMilliseconds)
  }

  /// Where the words behind `CREATE [UNIQUE] INDEX` begin; nil when there are no such words.
  private static func endOfCreateIndex(_ words: [String]) -> Int? {
    guard words.first == "CREATE" else { return nil }
    let index = words.dropFirst().first == "UNIQUE" ? 2 : 1
    return words.indices.contains(index) && words[index] == "INDEX" ? index + 1 : nil
  }

  /// Without the lines of comments before it.
  private static func words(_ statement: String) -> [String] {
    statement.utf8.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
      .filter { !$0.drop { $0 == " " }.hasPrefix("--") }
      .flatMap { $0.split { $0 == " " || $0 == "\t" }.map(String.init) }
  }
}
