package import API
import JSON
import Service

/// The parameters of a list of links: which ones, in which order, which part of them.
package struct ShortURLFilter: Equatable, Sendable {
  package var term: SearchTerm?
  /// The first moment at which a link may be made, in milliseconds since 1970; nil for no limit.
  package var start: Int64?
  /// The first moment at which it may not.
  package var end: Int64?
  package var tags = TagFilter()
  package var excludedTags = TagFilter()
  /// Whether links are left out whose visits are spent.
  package var excludesSpent = false
  /// Whether links are left out that have ended.
  package var excludesEnded = false
  /// The links are in one of these states; empty for all links.
  package var states: [LinkState] = []
  /// The only domain, '' for the default one; nil for all.
  package var domain: String?
  /// The name of the API key that made the links; nil for all.
  package var keyName: String?
  package var order = ShortURLOrder.usual
  package var page = Page()

  /// All links, the newest first.
  package init() {}

  package init(from reader: inout InputReader) {
    readTimes(from: &reader)
    readTags(from: &reader)
    readStates(from: &reader)
    order =
      reader.parameter(
        "orderBy", .shortURLOrder,
        """
        The order, by default \(ShortURLOrder.usual.text); without a direction it is ASC. URLs, codes and \
        titles are compared by the bytes of their first 256 characters; a link without a title has an \
        empty one.
        """) ?? .usual
    page = Page(from: &reader, of: list)
    if let cursor = page.cursor, order.isAfter(cursor) == nil {
      reader.refuse("cursor", "is no nextCursor of a list with this filter and order")
    }
  }

  private mutating func readTimes(from reader: inout InputReader) {
    term = reader.parameter(
      "searchTerm", .searchTerm,
      """
      Only links that have this text in their long URL, title, short code or a tag, whatever its case. A \
      text without three letters or digits in a row is looked for at the beginning of short codes, case by \
      case, and of tags. An empty one filters nothing.
      """
    ).flatMap(SearchTerm.init)
    start =
      reader.parameter(
        "startDate", .timeSpan,
        "Only links made at this time or later; a date means all of that day."
      )?.start
    end =
      reader.parameter(
        "endDate", .timeSpan,
        "Only links made at this time or before; a date means all of that day."
      )?.end
  }

  private mutating func readTags(from reader: inout InputReader) {
    tags = TagFilter(
      from: &reader, "tags", "Only links with these tags.", mode: "tagsMode",
      "Whether one of the tags is enough (`any`, the default), or a link needs `all`.")
    excludedTags = TagFilter(
      from: &reader, "excludeTags", "Only links without these tags.", mode: "excludeTagsMode",
      "Whether one of the tags is enough to leave a link out (`any`, the default), or it takes `all`."
    )
  }

  private mutating func readStates(from reader: inout InputReader) {
    excludesSpent =
      reader.parameter(
        "excludeMaxVisitsReached", .boolean,
        "Whether links are left out that have been visited as often as they may.") ?? false
    excludesEnded =
      reader.parameter(
        "excludePastValidUntil", .boolean, "Whether links are left out whose validity has ended.")
      ?? false
    states =
      reader.parameter(
        "state", .words(of: LinkState.self),
        """
        Only links that are in one of these states, with commas between. `active` leads somewhere now, \
        `scheduled` isn't valid yet, `ending` ends within seven days, `expired` has ended, the visits of \
        `exhausted` are spent, and `rules` has redirect rules.
        """) ?? []
    domain = reader.parameter(
      "domain", .string(atMost: ShortURLName.longestDomain, sample: BaseURL.defaultDomain),
      "Only links of this domain; `\(BaseURL.defaultDomain)` is the default one. An empty one filters nothing."
    ).flatMap(Self.domain)
    keyName = reader.parameter(
      "apiKeyName", .string(atMost: Self.longestKeyName, sample: "dashboard"),
      """
      Only links that the API key with this name has made. A key that sees only some links may name \
      itself; another name filters nothing then.
      """)
  }

  private static let longestKeyName = 255

  /// Shlink knows its default domain by this word only.
  private static func domain(_ text: String) -> String? {
    switch text {
    case "": nil
    case BaseURL.defaultDomain: ""
    default: text.lowercased()
    }
  }

  /// What tells this list from all others, for its cursors.
  package var list: [UInt8] {
    var json = JSONWriter()
    json.beginArray()
    for text in ["short-urls", order.text, start.map { "\($0)" } ?? "", end.map { "\($0)" } ?? ""] {
      json.string(text)
    }
    switch term {
    case nil: json.null()
    case .anywhere(let text), .beginning(let text): json.string(text)
    }
    for texts in [
      tags.texts, excludedTags.texts, states.map(\.rawValue), domain.map { [$0] } ?? [],
      keyName.map { [$0] } ?? [],
    ] {
      json.beginArray()
      for text in texts { json.string(text) }
      json.endArray()
    }
    json.bool(excludesSpent)
    json.bool(excludesEnded)
    json.endArray()
    return json.bytes
  }
}
