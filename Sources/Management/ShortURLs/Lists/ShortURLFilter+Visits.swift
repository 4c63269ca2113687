import API
import Postgres

/// Lists in the order of visits.
///
/// A link that was never visited has no row in `link_visits`, and comes before the others as one with -1
/// visits would. So a list has two parts, each in the order of an index; the second one is read where the
/// first doesn't fill the page.
extension ShortURLFilter {
  /// The key of links without a row.
  static let none: Int64 = -1

  func rowsByVisits(_ columns: SQL, _ view: ListView, _ after: SQL?) -> SQL {
    let count = page.offset + page.size + 1
    let visited: SQL = """
      SELECT \(order.key) AS sort_key, link AS sorted_link
      FROM link_visits JOIN short_urls ON snowflake_id = link WHERE \(condition(view, after))
      """
    let unvisited: SQL = """
      SELECT \(Self.none) AS sort_key, snowflake_id AS sorted_link FROM short_urls
      WHERE \(condition(view, "NOT EXISTS (SELECT FROM link_visits WHERE link = snowflake_id)", isBehind))
      """
    let (visitedEnd, unvisitedEnd): (SQL, SQL) = (
      "ORDER BY \(order.clause(order.key, "link")) LIMIT \(count)",
      "ORDER BY \(order.clause("sort_key", "snowflake_id")) LIMIT \(count)"
    )
    let isLacking: SQL = "AND (SELECT count(*) FROM first) < \(count)"
    let parts: SQL =
      switch order.direction {
      case .ascending:
        """
        first AS MATERIALIZED (\(unvisited) \(unvisitedEnd)),
        second AS MATERIALIZED (\(visited) \(isLacking) \(visitedEnd))
        """
      case .descending:
        """
        first AS MATERIALIZED (\(visited) \(visitedEnd)),
        second AS MATERIALIZED (\(unvisited) \(isLacking) \(unvisitedEnd))
        """
      }
    return """
      WITH \(parts), \(rows(columns, of: "SELECT * FROM first UNION ALL SELECT * FROM second"))
      """
  }

  /// Holds for links without visits that are behind the cursor.
  private var isBehind: SQL? {
    guard let cursor = page.cursor, case .number(let visits) = cursor.key else { return nil }
    switch (order.direction, visits == Self.none) {
    case (.ascending, true): return "snowflake_id > \(cursor.id)"
    case (.descending, true): return "snowflake_id < \(cursor.id)"
    case (.ascending, false): return "FALSE"
    case (.descending, false): return nil
    }
  }
}
