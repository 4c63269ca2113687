package import Links

extension LinkStore {
  /// Stores a new link under an id of its own; an id that turns out to be taken is left for the
  /// next one.
  package func create(
    _ destination: DestinationURL, ids: IDSource
  ) throws(StoreError) -> Link {
    for _ in 0..<5 {
      let link = Link(id: try ids.next(), destination: destination)
      if case .inserted = try insert(link) { return link }
      ids.wasTaken(link.id)
    }
    throw StoreError(.postgres, .unavailable, during: "insert a link", "no free id in five tries")
  }
}
