package import API
import JSON

/// The parameters of a list of tags.
package struct TagListing: Equatable, Sendable {
  /// What the names have in them, in lower case; empty for anything.
  package var term = ""
  package var order = TagOrder()
  package var page = Page(size: Page.sizeLimit)
  /// Whether a page has all tags, as far as may be.
  package var isWhole = true

  private static let longestTerm = 255
  /// Without `itemsPerPage` a page has all, as in Shlink.
  private static let limits = PageLimits(
    usualSize: Page.sizeLimit, size: Page.sizeLimit, row: Page.rowLimit,
    count: Pagination.countLimit)

  /// All tags by name.
  package init() {}

  /// - Parameters:
  ///   - reader: Of the request.
  ///   - columns: What the list may be ordered by.
  init(from reader: inout InputReader, orderedBy columns: [TagOrder.Column]) {
    term =
      (reader.parameter(
        "searchTerm", .string(atMost: Self.longestTerm, sample: "sale"),
        "Only tags that have this text in their name, whatever its case.") ?? "").lowercased()
    order =
      reader.parameter(
        "orderBy", .tagOrder(columns),
        "The order: \(columns.map(\.rawValue).joined(separator: ", ")), with -ASC or -DESC. By default, and "
          + "for anything else, it is by name.") ?? TagOrder()
    page = Page(from: &reader, of: list, limits: Self.limits)
    isWhole = page.size == Page.sizeLimit && page.number == 1 && page.cursor == nil
    if let cursor = page.cursor, order.isAfter(cursor) == nil {
      reader.refuse("cursor", "is no nextCursor of a list with this filter and order")
    }
  }

  /// What tells this list from all others, for its cursors.
  var list: [UInt8] { Array("tags\n\(order.text)\n\(term)".utf8) }

  /// What is answered of the page.
  ///
  /// A page with all tags has as many items as there are, as in Shlink.
  func pagination(count: Int, total: Int, nextCursor: String?) -> Pagination {
    let shown = isWhole && total <= Page.sizeLimit ? Page(size: max(total, count, 1)) : page
    return Pagination(shown, count: count, total: total, nextCursor: nextCursor)
  }
}
