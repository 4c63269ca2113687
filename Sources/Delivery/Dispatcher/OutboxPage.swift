import Links

/// One change of a link, as the outbox has it.
struct OutboxRow: Equatable {
  let id: Int64
  let domain: String
  let slug: String
}

/// Some rows of the outbox, in the order of a statement.
struct OutboxPage {
  /// From this number of rows on a page may have been cut: more rows may wait.
  private static let fullness = 100

  let ids: [Int64]
  /// Of the changed links, each once.
  let keys: [LinkKey]

  init(_ rows: [OutboxRow]) {
    ids = rows.map(\.id)
    var seen: Set<LinkKey> = []
    // No program takes any other text for a slug, so nothing is remembered under it.
    keys = rows.compactMap { row in Slug(row.slug).map { LinkKey($0, domain: row.domain) } }
      .filter { seen.insert($0).inserted }
  }

  /// Whether the statement may find more at once.
  var mayHaveSuccessors: Bool { ids.count >= Self.fullness }
}
