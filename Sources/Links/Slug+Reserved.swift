extension Slug {
  /// Whether no link may have this slug: its path is a route of ours, or one that is never to be a
  /// link's.
  ///
  /// No slug made of an id is reserved: the words of 10 and 11 bytes have a dot.
  package var isReserved: Bool {
    description.utf8.first == UInt8(ascii: ".") || Self.reservedWords.contains(description)
  }

  /// The first segments of Swiftlet's own paths, and files that programs look for on every host.
  ///
  /// A route that is added, here or in nginx's files, gets its first segment into this list.
  /// What begins with a dot (`/.well-known`) is reserved without being named.
  private static let reservedWords: Set = [
    "analytics", "asyncapi.json", "dashboard", "docs", "favicon.ico", "health", "metrics",
    "openapi.json", "redoc", "rest", "robots.txt", "shorten", "stats",
  ]
}
