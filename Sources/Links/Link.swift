/// A link: its permanent id, its name, and its destination.
package struct Link: Equatable, Sendable {
  package let id: SnowflakeID
  package let key: LinkKey
  /// The number of its domain; 0 for the default one.
  package let domain: UInt32
  package let destination: DestinationURL
  /// Milliseconds since 1970.
  package let createdAt: Int64
  package let state: LinkState
  package let terms: LinkTerms

  package init(
    id: SnowflakeID, key: LinkKey, domain: UInt32 = 0, destination: DestinationURL,
    createdAt: Int64, state: LinkState = .enabled, terms: LinkTerms = .plain
  ) {
    self.id = id
    self.key = key
    self.domain = domain
    self.destination = destination
    self.createdAt = createdAt
    self.state = state
    self.terms = terms
  }

  /// A new link, named by its id, in the default domain.
  package init(id: SnowflakeID, destination: DestinationURL) {
    self.init(
      id: id, key: LinkKey(Slug(id)), destination: destination, createdAt: id.createdAt)
  }

  package var slug: Slug { key.slug }
}
