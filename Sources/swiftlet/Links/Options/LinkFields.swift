import ArgumentParser
import JSON

/// The options for what a link may have, of a new one and of one that is edited.
struct LinkFields: ParsableArguments {
  @Option(help: "What people call it; what follows 512 characters is cut off.")
  var title: String?

  @Option(
    name: .customLong("tag"), help: "A tag; may be given several times. These are all of its tags.")
  var tags: [String] = []

  @Option(help: "From when on it leads anywhere: a date, or a time such as 2026-01-31T12:00:00Z.")
  var validSince: String?

  @Option(help: "Until when it leads anywhere.")
  var validUntil: String?

  @Option(help: "How many visits by people it leads anywhere.")
  var maxVisits: Int?

  @Flag(inversion: .prefixedNo, help: "Whether robots.txt allows it.")
  var crawlable: Bool?

  @Flag(inversion: .prefixedNo, help: "Whether the visitor's query is passed on.")
  var forwardQuery: Bool?

  @Flag(inversion: .prefixedNo, help: "Whether its short URL with a + shows where it leads.")
  var preview: Bool?

  /// The members that a request has for them.
  var members: [JSONObject.Member] {
    [
      title.map { .init("title", .string($0)) },
      tags.isEmpty ? nil : .init("tags", .array(tags.map { .string($0) })),
      validSince.map { .init("validSince", .string($0)) },
      validUntil.map { .init("validUntil", .string($0)) },
      maxVisits.map { .init("maxVisits", .number("\($0)")) },
      crawlable.map { .init("crawlable", .bool($0)) },
      forwardQuery.map { .init("forwardQuery", .bool($0)) },
      preview.map { .init("preview", .bool($0)) },
    ].compactMap(\.self)
  }
}

/// The options for what is taken away from a link.
struct ClearedFields: ParsableArguments {
  @Flag(help: "Take its title away.")
  var noTitle = false

  @Flag(help: "Take its tags away.")
  var noTags = false

  @Flag(help: "Let it lead somewhere from its beginning.")
  var noValidSince = false

  @Flag(help: "Let it lead somewhere without end.")
  var noValidUntil = false

  @Flag(help: "Take the limit of its visits away.")
  var noMaxVisits = false

  var members: [JSONObject.Member] {
    [
      noTitle ? .init("title", .null) : nil, noTags ? .init("tags", .array([])) : nil,
      noValidSince ? .init("validSince", .null) : nil,
      noValidUntil ? .init("validUntil", .null) : nil,
      noMaxVisits ? .init("maxVisits", .null) : nil,
    ].compactMap(\.self)
  }
}

/// The option for the domain of links.
struct DomainOption: ParsableArguments {
  @Option(help: "The domain of the link. (default: that of a short URL, or of BASE_URL)")
  var domain: String?
}
