import API
package import Access
package import Links
import Lookup
package import Management
package import Service
package import Sessions

/// The links of a test's database on one session: what look-ups read, and what is made and changed.
package struct StoredLinks {
  private let store: LinkStore
  private let insertion: ShortURLInsertion
  private let session: PostgresSession
  private let settings: Settings

  package init(_ session: PostgresSession, _ settings: Settings) {
    self.session = session
    self.settings = settings
    store = LinkStore(session, settings)
    insertion = ShortURLInsertion(session, settings)
  }

  /// Nobody is told of their changes.
  package func units() throws -> Units { Units(session, try Self.nowhere(), settings) }

  package func find(_ key: LinkKey) throws(StoreError) -> Link? { try store.find(key) }

  package func ping() throws(StoreError) { try store.ping() }

  package func insert(
    _ link: Link, isSettling: Bool = false
  ) throws(StoreError) -> ShortURLInsertion.Outcome {
    try insertion.insert(link, for: .operator, isSettling: isSettling)
  }

  package func insert(_ links: [Link]) throws(StoreError) -> ShortURLInsertion.BatchOutcome {
    try insertion.insert(links, for: links.map { _ in .operator })
  }

  /// Edits a link as a unit of its own.
  package func edit(
    _ key: LinkKey, for caller: Caller = .operator, _ change: (inout ShortURLEdition) -> Void
  ) throws -> ShortURL? {
    var edition = ShortURLEdition()
    change(&edition)
    let wanted = edition
    return try units().perform("edit a short URL", for: caller) {
      unit throws(TableError) in
      try unit.edit(key, wanted)
    }
  }

  package func disable(_ key: LinkKey) throws -> ShortURL? {
    try edit(key) { $0.isEnabled = .set(false) }
  }

  /// Deletes a link as a unit of its own.
  package func delete(
    _ key: LinkKey, for caller: Caller = .operator
  ) throws -> ShortURL? {
    try units().perform("delete a short URL", for: caller) {
      unit throws(TableError) in
      try unit.shortURLs.delete(key)
    }
  }

  package func create(_ destination: DestinationURL, ids: IDSource) throws -> Link {
    try creation(ids).create(destination, for: .operator)
  }

  package func create(
    _ destinations: [DestinationURL], ids: IDSource
  ) throws -> [Result<Link, StoreError>] {
    try creation(ids).create(destinations.map { ($0, .operator) })
  }

  /// Nothing is sent to Redis: nobody flushes the cache.
  private func creation(_ ids: IDSource) throws -> LinkCreation {
    let settings = try Settings(Variables(["REDIS_URL": "unix:///nowhere"]))
    return LinkCreation(insertion, ids: ids, cache: LinkCache(try Self.nowhere(), settings))
  }

  private static func nowhere() throws -> RedisSession {
    try RedisSession(
      try Settings(Variables(["REDIS_URL": "unix:///nowhere"])), log: .quiet)
  }
}
