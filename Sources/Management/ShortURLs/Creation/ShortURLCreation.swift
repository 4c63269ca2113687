package import API
package import Destinations
package import Links

/// The input of a new link.
package struct ShortURLCreation: Equatable, Sendable {
  package let longURL: DestinationURL
  package let name: NewName
  /// The domain as given; nil for the default one.
  package let domain: String?
  package let findsExisting: Bool
  /// Milliseconds since 1970.
  package let validSince: Int64?
  package let validUntil: Int64?
  package let maxVisits: Int?
  package let tags: [TagName]
  package let title: String?
  package let isCrawlable: Bool
  package let forwardsQuery: Bool
  package let hasPreview: Bool

  package init(from reader: inout InputReader, _ ownHosts: OwnHosts, _ slugs: SlugForm) {
    longURL = reader.required("longUrl", .target(ownHosts), FieldType.targetSummary)
    name = NewName(from: &reader, slugs)
    domain = reader.optional(
      "domain", .string(atMost: ShortURLName.longestDomain, sample: "go.example.com"),
      """
      The domain of the link; the default one's name means the same as none. Only a key that manages \
      domains makes a new one by naming it.
      """)
    findsExisting =
      reader.optional(
        "findIfExists", .boolean,
        """
        Whether a link that is there is answered, if it leads to the same URL and has all that is asked \
        for here: slug, domain, dates, limit of visits, and exactly these tags. \
        The newest \(ShortURLTable.candidates) links to the URL are looked through. A key that may not \
        read finds none.
        """) ?? false
    validSince = reader.optional("validSince", .validity, "It is not found before.")
    validUntil = reader.optional("validUntil", .validity, "It is answered by 410 afterwards.")
    if let validSince, let validUntil, validSince > validUntil {
      reader.refuse("validUntil", Validity.endsEarly)
    }
    maxVisits = reader.optional(
      "maxVisits", .visitLimit, "How many visits by people it leads somewhere.")
    tags = reader.optional("tags", .tags, "Its tags; new ones are made.") ?? []
    title = reader.optional(
      "title", .title,
      "\(FieldType.titleSummary) Without one it gets that of its page (AUTO_RESOLVE_TITLES).")
    isCrawlable = reader.optional("crawlable", .boolean, "Whether robots.txt allows it.") ?? false
    forwardsQuery =
      reader.optional(
        "forwardQuery", .boolean, "Whether the visitor's query is passed on; true by default.")
      ?? true
    hasPreview =
      reader.optional(
        "preview", .boolean, "Whether its short URL with a + shows where it leads; true by default."
      )
      ?? true
  }

  /// A link with nothing but a destination, as `/short-urls/shorten` makes it.
  package init(_ longURL: DestinationURL) {
    self.longURL = longURL
    name = .made(beginning: .empty, length: nil)
    (domain, validSince, validUntil, maxVisits, title) = (nil, nil, nil, nil, nil)
    (findsExisting, tags, isCrawlable, forwardsQuery, hasPreview) = (false, [], false, true, true)
  }
}
