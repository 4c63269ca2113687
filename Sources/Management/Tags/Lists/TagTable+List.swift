import API
import Access
import Links
import Postgres

/// Lists of the tags of the caller's tenant.
///
/// Who sees only some links sees the tags of these links only.
extension TagTable {
  /// One page of the tags by name.
  package func list(_ listing: TagListing) throws(TableError) -> TagList {
    let rows = try connection.executeOnce(
      "SELECT name FROM (\(page(of: listing))) AS page ORDER BY \(listing.order.clause)",
      "list tags", timeoutMilliseconds: timeout
    ).map { row throws(PostgresError) in
      TagStats(name: try row.text(), links: 0, visits: 0, botVisits: 0)
    }
    let (shown, pagination) = try finish(listing, rows)
    return TagList(names: shown.map(\.name), pagination: pagination)
  }

  /// One page of the tags with links and visits.
  package func stats(_ listing: TagListing) throws(TableError) -> TagStatsList {
    let rows = try connection.executeOnce(
      listing.order.column == .tag ? countedPage(of: listing) : page(ofCounted: listing),
      "count links of tags", timeoutMilliseconds: timeout
    ).map { row throws(PostgresError) in
      TagStats(
        name: try row.text(), links: Int(try row.integer()), visits: Int(try row.integer()),
        botVisits: Int(try row.integer()))
    }
    let (shown, pagination) = try finish(listing, rows)
    return TagStatsList(tags: shown, pagination: pagination)
  }

  private func finish(
    _ listing: TagListing, _ rows: [TagStats]
  ) throws(TableError) -> ([TagStats], Pagination) {
    try time?.limitNext()
    let total = try connection.executeOnce(
      """
      SELECT count(*) FROM (
        SELECT FROM tags WHERE \(isListed(listing)) LIMIT \(Pagination.countLimit)) AS counted
      """, "count tags", timeoutMilliseconds: timeout
    ).one { row throws(PostgresError) in try row.integer() }
    let shown = Array(rows.prefix(listing.page.size))
    let last = rows.count > shown.count ? shown.last : nil
    let next = last.map { last in
      Cursor(
        key: listing.order.key(of: last), id: 0, passed: listing.page.passed + shown.count)
    }
    return (
      shown,
      listing.pagination(
        count: shown.count, total: Int(total), nextCursor: next?.text(of: listing.list))
    )
  }

  // MARK: SQL

  /// Holds for the tags of a list.
  private func isListed(_ listing: TagListing) -> SQL {
    var conditions: [SQL] = ["tenant = \(caller.tenant)"]
    if !listing.term.isEmpty { conditions.append("position(\(listing.term) IN name) > 0") }
    if caller.isRestricted {
      conditions.append(
        """
        EXISTS (
          SELECT FROM short_url_tags JOIN (\(visible)) AS visible ON snowflake_id = link
          WHERE tag = tags.id)
        """)
    }
    return .all(conditions)
  }

  private var visible: SQL { "SELECT snowflake_id FROM short_urls WHERE \(isThere)" }

  /// The page's tags and one more, by name.
  private func page(of listing: TagListing) -> SQL {
    let after = listing.page.cursor.flatMap(listing.order.isAfter).map { [$0] } ?? []
    return """
      SELECT id, name FROM tags WHERE \(SQL.all([isListed(listing)] + after))
      ORDER BY \(listing.order.clause)
      LIMIT \(listing.page.size + 1) OFFSET \(listing.page.offset)
      """
  }

  /// The same with what is counted for these tags alone.
  private func countedPage(of listing: TagListing) -> SQL {
    """
    SELECT page.name, counts.links, counts.total, counts.bots
    FROM (\(page(of: listing))) AS page, LATERAL (\(counts(of: "page.id"))) AS counts
    ORDER BY \(listing.order.clause)
    """
  }

  /// The page of a list that is ordered by a count, which takes the counts of all its tags.
  private func page(ofCounted listing: TagListing) -> SQL {
    let after = listing.page.cursor.flatMap(listing.order.isAfter) ?? "TRUE"
    return """
      SELECT name, links, total, bots FROM (
        SELECT tags.name, counts.links, counts.total, counts.bots
        FROM tags, LATERAL (\(counts(of: "tags.id"))) AS counts WHERE \(isListed(listing))
      ) AS counted
      WHERE \(after) ORDER BY \(listing.order.clause)
      LIMIT \(listing.page.size + 1) OFFSET \(listing.page.offset)
      """
  }

  private func counts(of tag: SQL) -> SQL {
    """
    SELECT count(*) AS links, coalesce(sum(link_visits.total), 0)::bigint AS total,
      coalesce(sum(link_visits.bots), 0)::bigint AS bots
    FROM short_url_tags JOIN (\(visible)) AS visible ON snowflake_id = short_url_tags.link
    LEFT JOIN link_visits ON link_visits.link = short_url_tags.link
    WHERE short_url_tags.tag = \(tag)
    """
  }
}
