package import API
import JSON
package import Postgres

/// The parameters of a list of links: which ones, in which order, which part of them.
package struct ShortURLFilter: Equatable, Sendable {
  package let term: SearchTerm?
  /// The first moment at which a link may be made, in milliseconds since 1970; nil for no limit.
  package let start: Int64?
  /// The first moment at which it may not.
  package let end: Int64?
  package let order: ShortURLOrder
  package let page: Page

  package init(
    term: SearchTerm? = nil, start: Int64? = nil, end: Int64? = nil,
    order: ShortURLOrder = .usual, page: Page = Page()
  ) {
    self.term = term
    self.start = start
    self.end = end
    self.order = order
    self.page = page
  }

  package init(from reader: inout InputReader) {
    let term = reader.parameter(
      "searchTerm", .searchTerm,
      """
      Only links that have this text in their long URL, title or short code, whatever its case. A text \
      without three letters or digits in a row is looked for at the beginning of short codes only, case by \
      case. An empty one filters nothing.
      """
    ).flatMap(SearchTerm.init)
    let start = reader.parameter(
      "startDate", .timeSpan, "Only links made at this time or later; a date means all of that day."
    )
    let end = reader.parameter(
      "endDate", .timeSpan, "Only links made at this time or before; a date means all of that day.")
    let order =
      reader.parameter(
        "orderBy", .shortURLOrder,
        """
        The order, by default \(ShortURLOrder.usual.text); without a direction it is ASC. URLs, codes and \
        titles are compared by the bytes of their first 256 characters; a link without a title has an \
        empty one.
        """) ?? .usual
    let list = Self.list(term, start?.start, end?.end, order)
    let page = Page(from: &reader, of: list)
    if let cursor = page.cursor, order.isAfter(cursor) == nil {
      reader.refuse("cursor", "is no nextCursor of a list with this filter and order")
    }
    self.init(term: term, start: start?.start, end: end?.end, order: order, page: page)
  }

  /// What tells this list from all others, for its cursors.
  package var list: [UInt8] { Self.list(term, start, end, order) }

  private static func list(
    _ term: SearchTerm?, _ start: Int64?, _ end: Int64?, _ order: ShortURLOrder
  ) -> [UInt8] {
    var json = JSONWriter()
    json.beginArray()
    json.string("short-urls")
    json.string(order.text)
    json.string(start.map { "\($0)" } ?? "")
    json.string(end.map { "\($0)" } ?? "")
    switch term {
    case nil: break
    case .anywhere(let text), .beginning(let text): json.string(text)
    }
    json.endArray()
    return json.bytes
  }
}

// MARK: - SQL

extension ShortURLFilter {
  /// Hold for the links of this list among those that are there for the caller.
  private var conditions: [SQL] {
    var conditions: [SQL] = []
    if let term { conditions.append(term.condition) }
    if let start { conditions.append("created_at >= \(milliseconds: start)") }
    if let end { conditions.append("created_at < \(milliseconds: end)") }
    return conditions
  }

  /// The page's rows and one more, which tells whether the list goes on.
  ///
  /// - Parameters:
  ///   - columns: What a row has behind the order's key.
  ///   - isThere: Holds for the links that are there for the caller.
  /// - Returns: The statement.
  package func rows(_ columns: SQL, where isThere: SQL) -> SQL {
    let after = page.cursor.flatMap(order.isAfter).map { [$0] } ?? []
    return """
      SELECT \(order.key), \(columns) FROM short_urls
      WHERE \(SQL.all([isThere] + conditions + after))
      ORDER BY \(order.clause) LIMIT \(page.size + 1) OFFSET \(page.offset)
      """
  }

  /// How many links the list has, counted as far as `Pagination.countLimit`.
  package func count(where isThere: SQL) -> SQL {
    """
    SELECT count(*) FROM (
      SELECT FROM short_urls WHERE \(SQL.all([isThere] + conditions))
      LIMIT \(Pagination.countLimit)
    ) AS counted
    """
  }
}
