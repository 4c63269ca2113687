/// What is said of a page beside its items, with Shlink's names.
package struct Pagination: Equatable, Sendable {
  /// How far the items of a list are counted: one more than is known exactly.
  package static let countLimit = 100_001

  private let page: Page
  private let count: Int
  /// How many items the list has; `countLimit` means that many or more.
  package let total: Int
  /// Where the list goes on; nil at its end.
  package let nextCursor: String?

  /// - Parameters:
  ///   - page: As it was asked for.
  ///   - count: How many items it has.
  ///   - total: How many items the list has, counted to the limit of its kind.
  ///   - nextCursor: Where the list goes on; nil at its end.
  package init(_ page: Page, count: Int, total: Int, nextCursor: String?) {
    self.page = page
    self.count = count
    // Rows may have come since they were counted.
    self.total = count > 0 ? max(total, min(page.passed + count, page.limits.count)) : total
    self.nextCursor = nextCursor
  }

  /// From 1; behind a cursor by how many items were answered before.
  package var number: Int { page.cursor == nil ? page.number : page.passed / page.size + 1 }

  /// How many pages there are; those beyond `countLimit` are there although they aren't counted.
  package var pages: Int { max((total + page.size - 1) / page.size, count > 0 ? number : 1, 1) }

  private var totalSummary: String {
    let limit = page.limits.count
    return limit == .max
      ? "How many items the list has."
      : "How many items the list has. \(limit) means that there are that many or more."
  }

  package func write(to writer: inout FieldWriter) {
    writer.field("currentPage", number, .count(from: 1, sample: 1), "The page's number, from 1.")
    writer.field(
      "pagesCount", pages, .count(from: 1, sample: 1),
      "How many pages there are; an empty list is one page.")
    writer.field(
      "itemsPerPage", page.size, .integer(in: 1...page.limits.size, sample: 10),
      "How many items a page has at most.")
    writer.field(
      "itemsInCurrentPage", count, .integer(in: 0...page.limits.size, sample: 1),
      "How many items this page has.")
    writer.field(
      "totalItems", total, .integer(in: 0...page.limits.count, sample: 1), totalSummary)
    writer.nullable(
      "nextCursor", nextCursor, Cursor.fieldType,
      "Where the list goes on, for the parameter `cursor`; null at its end.")
  }
}
