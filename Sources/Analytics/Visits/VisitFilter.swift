package import API
import JSON

/// The parameters of a list of visits: between which times, with bots or without, which part of it.
package struct VisitFilter: Equatable, Sendable {
  /// A request for all gets 5000: as many as Shlink's web client asks for at once.
  package static let limits = PageLimits(
    usualSize: 5_000, size: 5_000, row: 1_000_000_000, count: .max)

  /// The first second that is meant, since 1970; nil for no limit.
  package let start: Int64?
  /// The first second that isn't meant any more.
  package let end: Int64?
  package let excludesBots: Bool
  package let page: Page
  /// What tells this list from all others, for its cursors.
  package let list: [UInt8]

  package init(
    start: Int64? = nil, end: Int64? = nil, excludesBots: Bool = false,
    page: Page = Page(size: Self.limits.size, limits: Self.limits), list: [UInt8] = []
  ) {
    self.start = start
    self.end = end
    self.excludesBots = excludesBots
    self.page = page
    self.list = list
  }

  /// - Parameters:
  ///   - reader: Of the request.
  ///   - names: What tells the list from others of its kind: a code and a domain, a tag.
  package init(from reader: inout InputReader, of names: [String]) {
    let dates = VisitDates(from: &reader)
    var json = JSONWriter()
    json.beginArray()
    let times = [dates.start, dates.end].map { $0.map { "\($0 * 1000)" } ?? "" }
    for text in ["visits"] + names + times + [dates.excludesBots ? "people" : "all"] {
      json.string(text)
    }
    json.endArray()
    let page = Page(from: &reader, of: json.bytes, limits: Self.limits)
    if let cursor = page.cursor, VisitPlace(cursor) == nil {
      reader.refuse("cursor", "is no nextCursor of a list with this filter and order")
    }
    self.init(
      start: dates.start, end: dates.end, excludesBots: dates.excludesBots, page: page,
      list: json.bytes)
  }

  var isDated: Bool { start != nil || end != nil }
}
