package import Links
package import Postgres

/// Deletions of links.
extension ShortURLTable {
  /// Deletes a link; its row stays.
  ///
  /// - Returns: The link as it was; nil when there is none. A deleted one is deleted again, unless its name
  ///   is another's by now: that one's name isn't announced.
  package mutating func delete(_ key: LinkKey) throws(PostgresError) -> ShortURL? {
    let operation = "delete a short URL"
    let isNameFree: SQL = """
      NOT EXISTS (SELECT FROM short_urls WHERE \(Self.isNamed(key)) AND deleted_at IS NULL)
      """
    let deleted = try change(
      key, where: .all([isVisible, "deleted_at IS NULL OR \(isNameFree)"]),
      "deleted_at = coalesce(deleted_at, clock_timestamp())", operation)
    if let deleted { return deleted }
    return try connection.execute(
      """
      SELECT \(Self.columns) FROM short_urls WHERE \(Self.isNamed(key)) AND \(isVisible)
      ORDER BY deleted_at DESC LIMIT 1
      """, operation, timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try shortURL(&row) }
  }

  // MARK: Restoration

  /// For how many days a deletion can be undone.
  package static let restorableDays = 30

  /// Holds for the links that can be restored: their domain may have been deleted, and be another tenant's.
  private var mayBeRestored: SQL {
    .all([
      isVisible, "deleted_at > now() - \(Self.restorableDays) * interval '1 day'",
      """
      short_urls.domain = '' OR EXISTS (
        SELECT FROM domains
        WHERE authority = short_urls.domain AND domains.tenant = short_urls.tenant)
      """,
    ])
  }

  /// Undoes the last deletion of a link of this name.
  ///
  /// - Returns: The link; nil when none can be restored, or the name was given again.
  package mutating func restore(_ key: LinkKey) throws(PostgresError) -> ShortURL? {
    let operation = "restore a short URL"
    func run(_ statement: SQL) throws(PostgresError) {
      _ = try connection.execute(statement, operation, timeoutMilliseconds: timeout)
    }
    try run("SAVEPOINT before_restoration")
    do throws(PostgresError) {
      return try change(key, where: mayBeRestored, "deleted_at = NULL", operation)
    } catch SQLState.uniqueViolation {
      try run("ROLLBACK TO SAVEPOINT before_restoration")
      return nil
    } catch {
      throw error
    }
  }

  /// Whether a deleted link of this name could be restored, if the name is free.
  package func isRestorable(_ key: LinkKey) throws(PostgresError) -> Bool {
    try connection.execute(
      """
      SELECT EXISTS (SELECT FROM short_urls WHERE \(Self.isNamed(key)) AND \(mayBeRestored))
      """, "look for a deleted short URL", timeoutMilliseconds: timeout
    ).one { row throws(PostgresError) in try row.bool() }
  }
}
