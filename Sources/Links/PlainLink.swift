/// A link whose redirect depends on its name, and perhaps on the visitor's query: as much of it as a
/// redirect needs.
package struct PlainLink: Equatable, Sendable {
  package let destination: DestinationURL
  /// The link's id; nil when the slug tells it, which is the id's Base62 then.
  ///
  /// Then all that follows has its default.
  package let id: SnowflakeID?
  /// Counts the edits of the destination, from 1.
  package let revision: UInt32
  /// The number of its domain; 0 for the default one.
  package let domain: UInt32
  /// Whether the visitor's query is added to the destination.
  package let forwardsQuery: Bool

  package init(_ destination: DestinationURL) {
    self.init(destination, id: nil, revision: 1, domain: 0, forwardsQuery: false)
  }

  package init(
    _ destination: DestinationURL, id: SnowflakeID, revision: UInt32 = 1, domain: UInt32 = 0,
    forwardsQuery: Bool = false
  ) {
    self.init(
      destination, id: .some(id), revision: revision, domain: domain, forwardsQuery: forwardsQuery)
  }

  /// As much of a stored link with plain terms (`LinkTerms.isPlain`).
  ///
  /// Of a row that no program made, with an id that is none, only the destination is taken.
  init(_ link: Link) {
    let isTold =
      link.slug == Slug(link.id) && link.terms == .plain && link.domain == 0
    if isTold || link.id.rawValue <= 0 {
      self.init(link.destination)
    } else {
      self.init(
        link.destination, id: link.id, revision: link.terms.revision, domain: link.domain,
        forwardsQuery: link.terms.forwardsQuery)
    }
  }

  private init(
    _ destination: DestinationURL, id: SnowflakeID?, revision: UInt32, domain: UInt32,
    forwardsQuery: Bool
  ) {
    self.destination = destination
    self.id = id
    self.revision = revision
    self.domain = domain
    self.forwardsQuery = forwardsQuery
  }
}
