/// A link whose redirect depends on nothing but its name: as much of it as a redirect needs.
package struct PlainLink: Equatable, Sendable {
  package let destination: DestinationURL
  /// The link's id; nil when the slug tells it, which is the id's Base62 then.
  package let id: SnowflakeID?

  package init(_ destination: DestinationURL, id: SnowflakeID? = nil) {
    self.destination = destination
    self.id = id
  }

  package init(_ link: Link) {
    self.init(link.destination, id: link.slug == Slug(link.id) ? nil : link.id)
  }
}
