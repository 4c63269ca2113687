extension Slug {
  /// Whether no link may have this slug: its path is one of our routes, or must never be a link's.
  ///
  /// Slugs made of ids are never reserved: reserved words of 10 and 11 bytes have a dot.
  package var isReserved: Bool {
    let segments = description.utf8.split(separator: UInt8(ascii: "/"))
      .map { String(Substring($0)) }
    return description.utf8.first == UInt8(ascii: ".")
      || Self.reservedWords.contains(segments.first ?? "")
      || segments.dropFirst().contains(where: Self.laterWords.contains)
  }

  /// The first segments of Swiftlet's own paths, files that programs request on every host, and words
  /// that stand for no link behind `/rest/v3/short-urls/`.
  ///
  /// When a route is added, here or in nginx's files, add its first segment. Slugs that begin with
  /// a dot (`/.well-known`) are reserved without being listed.
  private static let reservedWords: Set = [
    "analytics", "asyncapi.json", "availability", "bulk", "dashboard", "docs", "favicon.ico",
    "health", "metrics",
    "openapi.json", "redoc", "rest", "robots.txt", "shorten", "stats",
  ]

  /// What stands behind a link's slug in paths of ours, so no slug has it behind its first segment.
  private static let laterWords: Set = [
    "aliases", "qr-code", "redirect-rules", "restore", "revisions", "rollback", "track", "visits",
  ]
}
