/// A link whose redirect depends on nothing but its name: as much of it as a redirect needs.
package struct PlainLink: Equatable, Sendable {
  package let destination: DestinationURL
  /// The link's id; nil when the slug tells it, which is the id's Base62 then.
  package let id: SnowflakeID?

  package init(_ destination: DestinationURL, id: SnowflakeID? = nil) {
    self.destination = destination
    self.id = id
  }

  /// As much of a stored link; an id that is none, of a row that no program made, is left out.
  package init(_ link: Link) {
    let isTold = link.slug == Slug(link.id) || link.id.rawValue <= 0
    self.init(link.destination, id: isTold ? nil : link.id)
  }
}
