import API

/// The parameters of a list of paths.
package struct OrphanPathQuestion: Equatable, Sendable {
  static let limits = PageLimits(usualSize: 20, size: 1_000, row: 10_000, count: .max)

  /// Nil for all of them.
  let type: OrphanType?
  /// Nil for all of them.
  let domain: String?
  let dates: VisitDates
  let page: Page

  init(from reader: inout InputReader) {
    type = reader.parameter(
      "type", .word(sample: OrphanType.invalidShortURL), "Only visits of this type.")
    domain = AskedDomain.parameter(
      of: &reader, "Only visits in this domain; `\(AskedDomain.defaultWord)` is the default one.")
    dates = VisitDates(from: &reader)
    let number =
      reader.parameter(
        "page", .integer(in: 1...Self.limits.row, sample: 1),
        "The page's number, from 1. Pages reach to row \(Self.limits.row).") ?? 1
    let size =
      reader.parameter(
        "itemsPerPage", .integer(in: 1...Self.limits.size, sample: Self.limits.usualSize),
        "How many paths a page has, \(Self.limits.usualSize) by default.") ?? Self.limits.usualSize
    if number > Self.limits.row / size {
      reader.refuse("page", "reaches beyond row \(Self.limits.row)")
    }
    page = Page(number: number, size: size, limits: Self.limits)
  }
}
