import ClickHouse
import Clicks
import Links
import Postgres
package import Service
package import Sessions

/// The deletions of visits that people asked for: they explain clicks that are not stored.
///
/// A deletion takes the visits of one scope up to the last batch of the moment at which the consumer
/// carries it out. So it may have taken any click that is not younger than its row `done`, and while it
/// has none, any click at all.
package final class DeletedVisits {
  /// The limit of scopes in one statement; each takes at most 21 bytes of it.
  static let scopesPerPage = 4000
  /// The end of a deletion that isn't carried out yet.
  private static let pending = ClickLine.latestSecond

  private let client: Client
  private let links: PostgresSession
  private let pageSize: Int

  /// - Parameters:
  ///   - settings: The address of ClickHouse.
  ///   - links: PostgreSQL, which knows the names of links. It is asked only when visits of links were
  ///     deleted.
  ///   - pageSize: The limit of scopes in one statement.
  /// - Throws: When `CLICKHOUSE_URL` can't be read.
  package init(
    _ settings: Settings, links: PostgresSession, pageSize: Int = DeletedVisits.scopesPerPage
  ) throws {
    client = try Client(settings.clickHouse(ServerAddress.init(url:)), timeout: 60_000)
    self.links = links
    self.pageSize = pageSize
  }

  /// Up to when deletions may have taken the clicks of some scopes.
  ///
  /// - Parameter scopes: Any number; each statement is bounded.
  /// - Returns: Seconds since 1970, of those scopes that somebody has deleted.
  /// - Throws: When ClickHouse can't be asked.
  func ends(of scopes: Set<Scope>) throws(StoreError) -> [Scope: Int64] {
    var ends: [Scope: Int64] = [:]
    for piece in scopes.sorted().pieces(count: pageSize) {
      for (scope, end) in try ask("WHERE scope IN (\(list: piece.map(\.rawValue)))", "") {
        ends[scope] = end
      }
    }
    return ends
  }

  /// Visits all deletions since a time, page by page, by the names under which their clicks were visited.
  ///
  /// A name of two links, in two domains or one after the other, has the end of one of them on each page.
  ///
  /// - Parameters:
  ///   - seconds: Deletions that took only older clicks are left out.
  ///   - body: Called with the ends of a page by the scopes of names (`Scope(name:)`); returns whether to
  ///     go on.
  /// - Throws: When ClickHouse or PostgreSQL can't be asked.
  func forEachPage(since seconds: Int64, _ body: ([Scope: Int64]) -> Bool) throws(StoreError) {
    var last = Scope.marks
    while !Signals.stopRequested {
      let page = try ask(
        "WHERE scope > \(last.rawValue)",
        "HAVING until >= \(seconds) ORDER BY deleted LIMIT \(pageSize)")
      guard let end = page.map(\.scope).max() else { return }
      var names = Dictionary(page.map { ($0.scope, $0.end) }, uniquingKeysWith: max)
      for (name, end) in try namesOfLinks(in: page) {
        names[name] = max(end, names[name] ?? end)
      }
      guard body(names), page.count == pageSize else { return }
      last = end
    }
  }

  /// The names that some scopes' links have in PostgreSQL; a name that is an id is its scope already.
  private func namesOfLinks(
    in page: [(scope: Scope, end: Int64)]
  ) throws(StoreError) -> [(Scope, Int64)] {
    let ends = Dictionary(
      page.filter(\.scope.isLink).map { (Int64($0.scope.rawValue), $0.end) },
      uniquingKeysWith: max)
    guard !ends.isEmpty else { return [] }
    let operation = "find the names of links"
    return try links.read(operation) { connection throws(PostgresError) in
      try connection.execute(
        """
        SELECT snowflake_id, short_code FROM short_urls WHERE snowflake_id = ANY(\(Array(ends.keys)))
        """, operation, timeoutMilliseconds: 60_000
      ).map { row throws(PostgresError) in
        let end = ends[try row.integer()] ?? 0
        return (Scope(name: try row.text().utf8), end)
      }
    }
  }

  private func ask(
    _ condition: ClickHouse.SQL, _ rest: ClickHouse.SQL
  ) throws(StoreError) -> [(scope: Scope, end: Int64)] {
    do throws(ClickHouseError) {
      return try client.select(
        """
        SELECT deleted, max(last) AS until FROM (
          SELECT any(scope) AS deleted,
            if(max(step) = 'done', toInt64(toUnixTimestamp(max(at))), toInt64(\(Self.pending))) AS last
          FROM visit_deletions \(condition) GROUP BY id
        ) GROUP BY deleted \(rest)
        """
      ).compactMap { row in
        guard row.count == 2, let scope = UInt64(row[0]), let end = Int64(row[1]) else {
          return nil
        }
        return (Scope(rawValue: scope), end)
      }
    } catch {
      throw StoreError(
        .clickHouse, StoreError.Kind(isTimeout: error.isTimeout, isRetriable: error.isRetriable),
        during: "read the deletions of visits", String(reflecting: error), retryAfter: 5)
    }
  }
}
