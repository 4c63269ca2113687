import Access
import Postgres

/// The columns of a key.
extension KeyTable {
  /// The columns that `key(_:)` reads, in order.
  static let columns: SQL = """
    id, name, prefix, authored_only, domain, no_orphan_visits, scopes, rate_limit, expires_at, \
    disabled_at IS NULL, created_at, last_used_at
    """

  /// Reads the next columns of a row.
  static func key(_ row: inout RowReader) throws(PostgresError) -> APIKey {
    APIKey(
      id: Int(try row.integer()), name: try row.text(), prefix: try row.text(),
      rights: KeyRights(
        isAuthoredOnly: try row.bool(), domain: try row.optionalText(),
        hasNoOrphanVisits: try row.bool(), scopes: Set(try row.texts().compactMap(Scope.init)),
        rateLimit: try row.optionalInteger().map(Int.init),
        expiresAt: try row.optionalMilliseconds()),
      isEnabled: try row.bool(), createdAt: try row.milliseconds(),
      lastUsedAt: try row.optionalMilliseconds())
  }
}
