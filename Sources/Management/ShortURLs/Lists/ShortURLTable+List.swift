import API
package import Access
import Links
import Postgres

/// Lists of the links that are there for the caller.
extension ShortURLTable {
  /// One page of a list, and how long the whole is.
  ///
  /// Several statements: a link that comes or goes between them shows in one answer only.
  package func list(
    _ filter: ShortURLFilter, for caller: Caller
  ) throws(TableError) -> ShortURLList {
    let view = try view(of: filter, for: caller)
    try time?.limitNext()
    let found = try connection.executeOnce(
      filter.rows(Self.columns, view), "list short URLs", timeoutMilliseconds: timeout
    ).map { row throws(PostgresError) in
      (key: try filter.order.key(&row), link: try shortURL(&row))
    }
    try time?.limitNext()
    let total = try connection.executeOnce(
      filter.count(view), "count short URLs", timeoutMilliseconds: timeout
    ).one { row throws(PostgresError) in try row.integer() }
    let shown = found.prefix(filter.page.size)
    let last = found.count > shown.count ? shown.last : nil
    let next = last.map { last in
      Cursor(
        key: last.key, id: last.link.id.rawValue, passed: filter.page.passed + shown.count)
    }
    return ShortURLList(
      links: shown.map(\.link),
      pagination: Pagination(
        filter.page, count: shown.count, total: Int(total),
        nextCursor: next?.text(of: filter.list)))
  }
}
