/// How long the pages of a kind of list are, how far they reach, and how far its items are counted.
package struct PageLimits: Equatable, Sendable {
  /// Without `itemsPerPage`.
  package let usualSize: Int
  /// A page has no more rows, whatever is asked for.
  package let size: Int
  /// The last row that a page's number reaches.
  package let row: Int
  /// How far the items are counted; `Int.max` for all of them.
  package let count: Int

  package init(usualSize: Int, size: Int, row: Int, count: Int) {
    self.usualSize = usualSize
    self.size = size
    self.row = row
    self.count = count
  }

  package static let standard = PageLimits(
    usualSize: Page.usualSize, size: Page.sizeLimit, row: Page.rowLimit,
    count: Pagination.countLimit)
}
