/// Which part of a list is asked for: a page by its number, or what comes after a cursor.
package struct Page: Equatable, Sendable {
  /// From 1; without meaning beside a cursor.
  package let number: Int
  /// How many rows at most.
  package let size: Int
  package let cursor: Cursor?
  let limits: PageLimits

  /// A page has no more rows, whatever is asked for.
  package static let sizeLimit = 1_000
  /// To give row n by its number, the server reads n rows.
  package static let rowLimit = 10_000
  /// Without `itemsPerPage`, as in Shlink.
  package static let usualSize = 10

  package init(
    number: Int = 1, size: Int = Self.usualSize, cursor: Cursor? = nil,
    limits: PageLimits = .standard
  ) {
    self.number = number
    self.size = size
    self.cursor = cursor
    self.limits = limits
  }

  /// Reads `page`, `itemsPerPage` and `cursor`.
  ///
  /// - Parameters:
  ///   - reader: Of the request.
  ///   - list: What tells this list, its filter and its order from all others.
  ///   - limits: Of this kind of list.
  package init(
    from reader: inout InputReader, of list: [UInt8], limits: PageLimits = .standard
  ) {
    let number =
      reader.parameter(
        "page", .integer(in: 1...Int.max, sample: 1),
        """
        The page's number, from 1. Pages reach to row \(limits.row); behind it, and through lists \
        that change meanwhile, `cursor` is the way.
        """) ?? 1
    let asked =
      reader.parameter(
        "itemsPerPage", .integer(in: -1...Int.max, sample: limits.usualSize),
        """
        How many items a page has, \(limits.usualSize) by default. A page has \(limits.size) at most: a \
        greater number, and -1 for all, mean that many.
        """) ?? limits.usualSize
    let text = reader.parameter(
      "cursor", Cursor.fieldType,
      "The `nextCursor` of an answer: the items that follow it. Filter and order must be the same.")
    if asked == 0 { reader.refuse("itemsPerPage", "must be 1 or more, or -1") }
    let size = asked < 0 ? limits.size : min(max(asked, 1), limits.size)
    if text == nil, number > limits.row / size {
      reader.refuse(
        "page",
        "reaches beyond row \(limits.row): go on by cursor, which is nextCursor of the page before"
      )
    }
    let cursor = text.flatMap { Cursor($0, of: list) }
    if text != nil, cursor == nil {
      reader.refuse("cursor", "is no nextCursor of a list with this filter and order")
    }
    self.init(number: number, size: size, cursor: cursor, limits: limits)
  }

  /// How many rows of the list come before it; those before a cursor aren't counted.
  package var offset: Int { cursor == nil ? (number - 1) * size : 0 }

  /// How many rows were answered before it, as far as is known.
  package var passed: Int { cursor?.passed ?? offset }
}
