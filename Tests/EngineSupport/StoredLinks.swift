package import Links
import Lookup
package import Management
package import Service
package import Sessions

/// The links of a test's database on one session: what look-ups read, and what is made and changed.
package struct StoredLinks {
  private let store: LinkStore
  private let table: ShortURLTable

  package init(_ session: PostgresSession, _ settings: Settings) {
    store = LinkStore(session, settings)
    table = ShortURLTable(session, settings)
  }

  package func find(_ key: LinkKey) throws(StoreError) -> Link? { try store.find(key) }

  package func ping() throws(StoreError) { try store.ping() }

  package func insert(
    _ link: Link, isSettling: Bool = false
  ) throws(StoreError) -> ShortURLTable.Insertion {
    try table.insert(link, isSettling: isSettling)
  }

  package func insert(_ links: [Link]) throws(StoreError) -> ShortURLTable.BatchInsertion {
    try table.insert(links)
  }

  package func change(
    _ keys: [LinkKey], _ change: ShortURLChange
  ) throws(StoreError) -> [Link] {
    try table.change(keys, change)
  }

  package func create(_ destination: DestinationURL, ids: IDSource) throws -> Link {
    try creation(ids).create(destination)
  }

  package func create(
    _ destinations: [DestinationURL], ids: IDSource
  ) throws -> [Result<Link, StoreError>] {
    try creation(ids).create(destinations)
  }

  /// Nothing is sent to Redis: nobody flushes the cache.
  private func creation(_ ids: IDSource) throws -> LinkCreation {
    let settings = try Settings(Variables(["REDIS_URL": "unix:///nowhere"]))
    let cache = LinkCache(try RedisSession(settings, log: .quiet), settings)
    return LinkCreation(table, ids: ids, cache: cache)
  }
}
