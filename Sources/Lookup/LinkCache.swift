package import Links
package import Metrics
import Redis
package import Service
package import Sessions
import Text

/// The cache of links: `LinkRecord`s in this process's memory (`HotLinks`) and in Redis.
///
/// An announced change invalidates both: the link's generation in memory changes, and its key in
/// Redis is deleted. An older answer of PostgreSQL can't be written to Redis any more, since every
/// reader of PostgreSQL takes a lease first (`CacheLease`).
///
/// A remembered record is valid here at once. `flush` writes it to Redis after the answer was sent.
/// Nothing here throws but `ping`: a failing cache counts as an empty one.
package final class LinkCache {
  private let redis: RecordCache
  private let hitSeconds: Int64
  private let missSeconds: Int64
  private let generations: GenerationTable
  private var hot: HotLinks
  private let meter: Meter
  /// The domains that have links.
  package let domains: DomainCache

  package init(_ session: RedisSession, _ settings: Settings, meter: Meter = Meter()) {
    redis = RecordCache(session)
    self.meter = meter
    hitSeconds = Int64(settings.cacheSeconds)
    missSeconds = Int64(settings.missSeconds)
    generations = GenerationTable(StateDirectory(settings))
    hot = HotLinks(
      lifetimeMilliseconds: settings.hotCacheMilliseconds, generations: generations)
    domains = DomainCache(
      redis, generations, lifetimeMilliseconds: settings.hotCacheMilliseconds,
      redisSeconds: hitSeconds)
  }

  /// Looks up a name in this process's memory, then in Redis.
  ///
  /// - Parameters:
  ///   - key: The name.
  ///   - isLeasing: Whether PostgreSQL will be asked for an unknown name. Then its answer may be
  ///     written to Redis.
  /// - Returns: The known record, or the lease for PostgreSQL's answer.
  package func lookup(_ key: LinkKey, isLeasing: Bool) -> CacheLookup {
    let now = SystemClock.bootMilliseconds()
    if let record = hot.record(key, at: now) {
      meter.add(.lookups(.hot, record.result))
      return CacheLookup(record)
    }
    meter.add(.lookups(.hot, .miss))
    return lookup(key, hot.lease(key, at: now), isLeasing: isLeasing)
  }

  private func lookup(_ key: LinkKey, _ lease: CacheLease, isLeasing: Bool) -> CacheLookup {
    flush()
    var lease = lease
    let word = Self.word(key)
    let look = Look(isLeasing ? redis.take(word, &lease) : redis.get(word))
    meter.add(.lookups(.redis, look.result))
    guard case .known(let record) = look else {
      if case .failed = look { lease.isRedisSilent = true }
      return .unknown(lease)
    }
    hot.remember(record, of: key, under: lease)
    return CacheLookup(record)
  }

  /// This process's last record of a name, for when PostgreSQL can't be asked.
  ///
  /// `lease` is the one that the look-up returned.
  ///
  /// If Redis answered that it has nothing, a change may be the reason. Then only a record without
  /// a known change is returned.
  package func lastRecord(_ key: LinkKey, under lease: CacheLease) -> LinkRecord? {
    lease.isRedisSilent
      ? hot.lastRecord(key) : hot.unchangedRecord(key, at: SystemClock.bootMilliseconds())
  }

  /// Takes leases for links that are about to be created, in one round trip.
  ///
  /// The tokens replace what Redis has of their names, also “no such link”.
  package func lease(_ keys: [LinkKey]) -> [CacheLease] {
    let now = SystemClock.bootMilliseconds()
    return zip(keys, redis.tokens(for: keys.map(Self.word))).map { key, token in
      var lease = hot.lease(key, at: now)
      if let token { (lease.standing, lease.isOwn) = (token, true) }
      return lease
    }
  }

  package func lease(_ key: LinkKey) -> CacheLease { lease([key])[0] }

  /// Remembers PostgreSQL's answer.
  ///
  /// “No such link” replaces only this process's own token: another process's token may belong to a
  /// link that is being created.
  package func remember(_ record: LinkRecord, of key: LinkKey, under lease: CacheLease) {
    hot.remember(record, of: key, under: lease)
    guard let standing = lease.standing, lease.isOwn || record != .absent else { return }
    redis.replace(
      Self.word(key), standing, by: record.value,
      seconds: record == .absent ? missSeconds : hitSeconds)
  }

  /// Remembers links that were just made, each under a lease from before.
  ///
  /// Where Redis refused a lease, it may still say that there is no such link. Then it forgets the name
  /// before the maker of the link is answered.
  package func rememberMade(_ links: [(link: Link, lease: CacheLease)]) {
    for (link, lease) in links { remember(LinkRecord(link), of: link.key, under: lease) }
    let unleased = links.filter { $0.lease.standing == nil }
    guard !unleased.isEmpty else { return }
    redis.forget(unleased.map { Self.word($0.link.key) })
    flush()
  }

  /// Writes what was remembered since the last call to Redis; call it after the answer was sent.
  package func flush() {
    redis.flush()
  }

  /// Writes to Redis, unless more will follow at once: then one round trip is enough for several
  /// links.
  ///
  /// - Parameter isMoreToCome: Whether a request has arrived already.
  package func flushUnless(_ isMoreToCome: Bool) {
    redis.flushUnless(isMoreToCome)
  }

  /// Checks the page of generations; look-ups call it about once a second.
  package func tick() {
    generations.tick()
  }

  /// Checks whether Redis answers.
  package func ping() throws(StoreError) {
    try redis.ping()
  }
}

// MARK: - Redis

extension LinkCache {
  private enum Look {
    case known(LinkRecord)
    /// Redis has no usable value.
    case absent
    case failed

    init(_ reading: RecordCache.Reading) {
      switch reading {
      case .value(let value): self = LinkRecord(value).map(Look.known) ?? .absent
      case .absent: self = .absent
      case .failed: self = .failed
      }
    }

    var result: LookupResult {
      switch self {
      case .known(let record): record.result
      case .absent: .miss
      case .failed: .error
      }
    }
  }

  /// The key in Redis; no slug has a colon, so no two links share one.
  static func word(_ key: LinkKey) -> Command.Word {
    // Used by every redirect that asks Redis: one concatenation.
    guard key.isOfDefaultDomain else {
      return .text("short_url@" + key.domain + ":" + key.slug.description)
    }
    return .text("short_url:" + key.slug.description)
  }
}
