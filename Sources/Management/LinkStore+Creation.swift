package import Links
import Lookup
package import Sessions

extension LinkStore {
  /// Stores a new link under an id of its own; an id that turns out to be taken is left for the
  /// next one.
  package func create(
    _ destination: DestinationURL, ids: IDSource
  ) throws(StoreError) -> Link {
    try create(Link(id: try ids.next(), destination: destination), isSettling: false, ids)
  }

  /// Stores new links by one commit where that goes, each for itself where it doesn't.
  ///
  /// - Returns: What became of each, in their order.
  package func create(
    _ destinations: [DestinationURL], ids: IDSource
  ) -> [Result<Link, StoreError>] {
    guard destinations.count > 1 else {
      return destinations.map { destination in
        Result { () throws(StoreError) in try create(destination, ids: ids) }
      }
    }
    do throws(StoreError) {
      let links = zip(try ids.next(destinations.count), destinations).map(Link.init)
      switch try insert(links) {
      case .inserted: return links.map { .success($0) }
      case .refused(let isSettling):
        return links.map { link in
          Result { () throws(StoreError) in try create(link, isSettling: isSettling, ids) }
        }
      }
    } catch {
      return destinations.map { _ in .failure(error) }
    }
  }

  /// Stores a new link, under another id if need be.
  private func create(
    _ link: Link, isSettling: Bool, _ ids: IDSource
  ) throws(StoreError) -> Link {
    var (link, isSettling) = (link, isSettling)
    for _ in 0..<5 {
      if case .inserted = try insert(link, isSettling: isSettling) { return link }
      ids.wasTaken(link.id)
      link = Link(id: try ids.next(), destination: link.destination)
      isSettling = false
    }
    throw StoreError(.postgres, .unavailable, during: "insert a link", "no free id in five tries")
  }
}
