package import API
import Postgres

/// Lists of the keys that the caller can see.
extension KeyTable {
  /// What tells this list from all others.
  static let list = Array("api-keys".utf8)

  /// One page, the oldest first, and how long the whole is.
  package func list(_ page: Page) throws(TableError) -> APIKeyList {
    let last = page.cursor?.id ?? 0
    let found = try connection.executeOnce(
      """
      SELECT \(Self.columns) FROM api_keys WHERE \(isVisible) AND id > \(last)
      ORDER BY id LIMIT \(page.size + 1) OFFSET \(page.offset)
      """, "list API keys", timeoutMilliseconds: timeout
    ).map { row throws(PostgresError) in try Self.key(&row) }
    let total = try connection.executeOnce(
      """
      SELECT count(*) FROM (
        SELECT 1 FROM api_keys WHERE \(isVisible) LIMIT \(Pagination.countLimit)) AS counted
      """, "count API keys", timeoutMilliseconds: timeout
    ).one { row throws(PostgresError) in try row.integer() }
    let shown = Array(found.prefix(page.size))
    let end = found.count > shown.count ? shown.last : nil
    let next = end.map { key in
      Cursor(key: .number(Int64(key.id)), id: Int64(key.id), passed: page.passed + shown.count)
    }
    return APIKeyList(
      keys: shown,
      pagination: Pagination(
        page, count: shown.count, total: Int(total), nextCursor: next?.text(of: Self.list)))
  }
}
