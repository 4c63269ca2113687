package import Links
import Redis
import Service

/// The list of domains, remembered by this process and by Redis, by the rules of `LinkCache`.
///
/// It is asked for where a request's host isn't the default one.
package final class DomainCache {
  private struct Entry {
    let list: DomainList
    let lease: CacheLease
    let end: Int64
  }

  package enum Lookup {
    case known(DomainList)
    /// PostgreSQL decides; the lease allows its answer into the cache.
    case unknown(CacheLease)
  }

  private let redis: RecordCache
  private let generations: GenerationTable
  private let lifetime: Int64
  private let redisSeconds: Int64
  private var entry: Entry?

  private static let slot = GenerationTable.slot(of: LinkKey.domains.name.utf8)

  init(
    _ redis: RecordCache, _ generations: GenerationTable, lifetimeMilliseconds: Int,
    redisSeconds: Int64
  ) {
    self.redis = redis
    self.generations = generations
    lifetime = Int64(lifetimeMilliseconds)
    self.redisSeconds = redisSeconds
  }

  /// Looks the list up in memory, then in Redis.
  ///
  /// - Parameter isLeasing: Whether PostgreSQL will be asked if it is unknown.
  /// - Returns: The list, or the lease for PostgreSQL's answer.
  package func lookup(isLeasing: Bool) -> Lookup {
    let now = SystemClock.bootMilliseconds()
    if let entry, now < entry.end, holds(entry, at: now) { return .known(entry.list) }
    redis.flush()
    var lease = CacheLease(
      slot: Self.slot, generation: generations.generation(of: Self.slot), begin: now)
    let word = LinkCache.word(.domains)
    switch isLeasing ? redis.take(word, &lease) : redis.get(word) {
    case .value(let value):
      guard let list = DomainList(record: value) else { return .unknown(lease) }
      keep(list, under: lease)
      return .known(list)
    case .absent: return .unknown(lease)
    case .failed:
      lease.isRedisSilent = true
      return .unknown(lease)
    }
  }

  /// The last list that this process knew, for when no store can be asked; with Redis, only if no
  /// change is known.
  package func last(under lease: CacheLease) -> DomainList? {
    guard let entry, lease.isRedisSilent || holds(entry, at: SystemClock.bootMilliseconds()) else {
      return nil
    }
    return entry.list
  }

  /// Remembers PostgreSQL's answer.
  package func remember(_ list: DomainList, under lease: CacheLease) {
    keep(list, under: lease)
    guard let standing = lease.standing else { return }
    redis.replace(
      LinkCache.word(.domains), standing, by: list.record, seconds: redisSeconds)
  }

  private func keep(_ list: DomainList, under lease: CacheLease) {
    entry = Entry(list: list, lease: lease, end: lease.begin + lifetime)
  }

  private func holds(_ entry: Entry, at now: Int64) -> Bool {
    generations.holds(
      entry.lease.slot, entry.lease.generation, since: entry.lease.begin, at: now)
  }
}
