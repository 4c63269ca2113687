import Links

/// One change of a link, as the outbox has it.
struct OutboxRow: Equatable {
  let id: Int64
  let domain: String
  let slug: String

  /// The key of the changed link, or that of all domains for a row without a slug.
  ///
  /// Nil for any other text that is no slug: no program accepts it, so nothing is remembered of it.
  var key: LinkKey? {
    slug.isEmpty ? .domains : Slug(slug).map { LinkKey($0, domain: domain) }
  }
}

/// A page of the outbox, in the order of its statement.
struct OutboxPage {
  /// A page with at least this many rows may have been cut: more rows may wait.
  private static let fullness = 100

  let ids: [Int64]
  /// The keys of the changed links, each once.
  let keys: [LinkKey]

  init(_ rows: [OutboxRow]) {
    ids = rows.map(\.id)
    var seen: Set<LinkKey> = []
    keys = rows.compactMap(\.key).filter { seen.insert($0).inserted }
  }

  /// Whether the statement may find more at once.
  var mayHaveSuccessors: Bool { ids.count >= Self.fullness }
}
