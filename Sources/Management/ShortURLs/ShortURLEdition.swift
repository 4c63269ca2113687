package import API
package import Destinations
package import Links

/// The input of an edit of a link: each field is kept, set or cleared.
package struct ShortURLEdition: Equatable, Sendable {
  package var longURL: Change<DestinationURL> = .keep
  package var title: Change<String> = .keep
  /// Milliseconds since 1970.
  package var validSince: Change<Int64> = .keep
  package var validUntil: Change<Int64> = .keep
  package var maxVisits: Change<Int> = .keep
  /// Nil keeps them; and so below.
  package var tags: [TagName]?
  package var isCrawlable: Bool?
  package var forwardsQuery: Bool?
  package var hasPreview: Bool?
  package var isEnabled: Change<Bool> = .keep

  /// One that keeps everything.
  package init() {}

  package init(from reader: inout InputReader, _ ownHosts: OwnHosts) {
    longURL = reader.change("longUrl", .target(ownHosts), FieldType.targetSummary)
    title = reader.change(
      "title", .title, clears: true, "\(FieldType.titleSummary) Null takes it away.")
    validSince = reader.change(
      "validSince", .validity, clears: true, "It is not found before; null takes the limit away.")
    validUntil = reader.change(
      "validUntil", .validity, clears: true,
      "It is answered by 410 afterwards; null takes the limit away.")
    if case .set(let since) = validSince, case .set(let until) = validUntil, since > until {
      reader.refuse("validUntil", Validity.endsEarly)
    }
    maxVisits = reader.change(
      "maxVisits", .visitLimit, clears: true,
      """
      How many visits by people it leads somewhere; null takes the limit away. Visits that were counted \
      stay so: another limit counts them, too.
      """)
    tags = reader.optional(
      "tags", .tags, "All tags of the link; null keeps those that it has.")
    isCrawlable = reader.optional(
      "crawlable", .boolean, "Whether robots.txt allows it; null keeps it as it is.")
    forwardsQuery = reader.optional(
      "forwardQuery", .boolean, "Whether the visitor's query is passed on; null keeps it as it is.")
    hasPreview = reader.optional(
      "preview", .boolean,
      "Whether its short URL with a + shows where it leads; null keeps it as it is.")
    isEnabled = reader.change(
      "enabled", .boolean, "Whether it leads anywhere; else it is answered by 410.")
  }
}
