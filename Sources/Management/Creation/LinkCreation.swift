package import Access
package import Links
package import Lookup
package import Sessions

/// Makes links: each gets an id, a row that is durable, and its place in the cache.
package struct LinkCreation {
  private let insertion: ShortURLInsertion
  private let ids: IDSource
  private let cache: LinkCache
  package let defaults: CreationDefaults
  /// The limit of ids for one link.
  private static let attempts = 5

  package init(
    _ insertion: ShortURLInsertion, ids: IDSource, cache: LinkCache,
    _ defaults: CreationDefaults = CreationDefaults()
  ) {
    self.defaults = defaults
    self.insertion = insertion
    self.ids = ids
    self.cache = cache
  }

  /// Stores a new link under an id of its own.
  ///
  /// If an id is taken, the next one is tried. Redis is told by `LinkCache.flush`.
  package func create(
    _ destination: DestinationURL, for caller: Caller
  ) throws(StoreError) -> Link {
    let link = link(try ids.next(), to: destination)
    return try create(link, for: caller, under: cache.lease(link.key), isSettling: false)
  }

  /// Stores new links by one commit if possible, otherwise each by itself.
  ///
  /// - Returns: The result for each, in their order.
  package func create(_ wanted: [(DestinationURL, Caller)]) -> [Result<Link, StoreError>] {
    guard wanted.count > 1 else {
      return wanted.map { destination, caller in
        Result { () throws(StoreError) in try create(destination, for: caller) }
      }
    }
    do throws(StoreError) {
      let links = zip(try ids.next(wanted.count), wanted).map { id, wanted in
        link(id, to: wanted.0)
      }
      let leases = cache.lease(links.map(\.key))
      switch try insertion.insert(links, for: wanted.map(\.1)) {
      case .inserted:
        cache.rememberMade(Array(zip(links, leases)))
        return links.map { .success($0) }
      case .refused(let isSettling):
        return links.indices.map { number in
          Result { () throws(StoreError) in
            try create(
              links[number], for: wanted[number].1, under: leases[number], isSettling: isSettling)
          }
        }
      }
    } catch {
      return wanted.map { _ in .failure(error) }
    }
  }

  /// An id for a new link that somebody else stores.
  func nextID() throws(ManagementFailure) -> SnowflakeID {
    do throws(StoreError) {
      return try ids.next()
    } catch {
      throw .unavailable(error)
    }
  }

  /// Notes that an id was used already.
  func wasTaken(_ id: SnowflakeID) { ids.wasTaken(id) }

  private func link(_ id: SnowflakeID, to destination: DestinationURL) -> Link {
    Link(
      id: id, key: LinkKey(Slug(defaults.codes.code(for: id)) ?? Slug(id)),
      destination: destination, createdAt: id.createdAt)
  }

  /// Stores a new link, under another id if necessary.
  ///
  /// The lease is from before the first attempt to store it. With a later lease, the record of the
  /// new link could replace a later change.
  private func create(
    _ link: Link, for caller: Caller, under lease: CacheLease, isSettling: Bool
  ) throws(StoreError) -> Link {
    var (link, lease, isSettling) = (link, lease, isSettling)
    for _ in 0..<Self.attempts {
      if case .inserted = try insertion.insert(link, for: caller, isSettling: isSettling) {
        cache.rememberMade([(link, lease)])
        return link
      }
      // A random code may be taken without anybody's fault.
      if defaults.codes == .snowflake { ids.wasTaken(link.id) }
      link = self.link(try ids.next(), to: link.destination)
      lease = cache.lease(link.key)
      isSettling = false
    }
    throw StoreError(
      .postgres, .unavailable, during: "insert a link", "no free id in \(Self.attempts) tries")
  }
}
