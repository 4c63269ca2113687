import API
package import Postgres

extension ShortURLFilter {
  /// Holds for the links of this list.
  func condition(_ view: ListView, _ others: SQL?...) -> SQL {
    condition(view, term: view.found?.condition, for: .page, others)
  }

  private func condition(
    _ view: ListView, term: SQL?, for reading: TagFilter.Reading, _ others: [SQL?] = []
  ) -> SQL {
    let own: [SQL?] = [
      term,
      start.map { "created_at >= \(milliseconds: $0)" },
      end.map { "created_at < \(milliseconds: $0)" },
      tags.names.isEmpty ? nil : tags.condition(view.tags, for: reading),
      excludedTags.names.isEmpty ? nil : excludedTags.exclusion(view.tags, for: reading),
      excludesEnded ? "valid_until IS NULL OR valid_until > clock_timestamp()" : nil,
      excludesSpent ? Self.isUnspent : nil,
    ]
    return .all([view.isThere] + (own + others).compactMap(\.self))
  }

  private static let isUnspent: SQL = """
    max_visits IS NULL OR NOT EXISTS (
      SELECT FROM visit_budgets WHERE link = snowflake_id AND spent >= allowed OFFSET 0)
    """

  /// The page's rows and one more, which tells whether the list goes on.
  ///
  /// - Parameters:
  ///   - columns: What a row has behind the order's key.
  ///   - view: On whose behalf.
  /// - Returns: The statement.
  package func rows(_ columns: SQL, _ view: ListView) -> SQL {
    if view.areFew { return rowsOfFew(columns, view) }
    let after = page.cursor.flatMap(order.isAfter)
    if order.isByVisits { return rowsByVisits(columns, view, after) }
    return """
      SELECT \(order.key), \(columns) FROM short_urls
      WHERE \(condition(view, after))
      ORDER BY \(order.clause) LIMIT \(page.size + 1) OFFSET \(page.offset)
      """
  }

  /// The page of a part of all links, where the part is small.
  ///
  /// Left alone, PostgreSQL would walk through all links in the list's order, in the hope to meet some of the
  /// part soon. So the keys of the whole part are read, by the part's own index, and then sorted. Only the
  /// page's links are read with all their columns.
  private func rowsOfFew(_ columns: SQL, _ view: ListView) -> SQL {
    let key: SQL =
      order.isByVisits
      ? "coalesce((SELECT \(order.key) FROM link_visits WHERE link = snowflake_id), \(Self.none))"
      : order.key
    // By OFFSET 0 the part is read without regard to the order.
    let part: SQL = """
      SELECT \(key) AS sort_key, snowflake_id AS sorted_link FROM short_urls
      WHERE \(condition(view)) OFFSET 0
      """
    let after = page.cursor.flatMap { order.isAfter($0, "sort_key", "sorted_link") }
    return "WITH \(rows(columns, of: "SELECT * FROM (\(part)) AS part WHERE \(after ?? "TRUE")"))"
  }

  /// What follows `WITH` to read a page whose keys and ids a statement selects.
  func rows(_ columns: SQL, of selected: SQL) -> SQL {
    """
    page AS (
      \(selected) ORDER BY \(order.clause("sort_key", "sorted_link"))
      LIMIT \(page.size + 1) OFFSET \(page.offset)
    )
    SELECT sort_key, \(columns) FROM page JOIN short_urls ON snowflake_id = sorted_link
    ORDER BY \(order.clause("sort_key", "sorted_link"))
    """
  }

  /// How many links the list has, counted as far as `Pagination.countLimit`.
  package func count(_ view: ListView) -> SQL {
    "SELECT count(*) FROM (\(links(view)) LIMIT \(Pagination.countLimit)) AS counted"
  }

  /// Selects the links of the list, in any order.
  private func links(_ view: ListView) -> SQL {
    if view.areFew { return "SELECT FROM short_urls WHERE \(condition(view))" }
    guard let (text, links) = view.found?.tagged else {
      let isListed = condition(view, term: view.found?.condition, for: .count)
      return "SELECT FROM short_urls WHERE \(isListed)"
    }
    let byText = condition(view, term: text, for: .count)
    let byTag = condition(view, term: "NOT \(text)", for: .count)
    // To look at each link's tags would take seconds. By OFFSET 0 the tags lead to the links.
    return """
      (SELECT FROM short_urls WHERE \(byText) LIMIT \(Pagination.countLimit))
      UNION ALL (
        SELECT FROM (\(links) OFFSET 0) AS tagged, LATERAL (
          SELECT FROM short_urls
          WHERE snowflake_id = tagged.link AND \(byTag) OFFSET 0) AS others
        LIMIT \(Pagination.countLimit))
      """
  }
}
