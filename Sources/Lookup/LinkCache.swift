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
  /// The limit of links written to Redis in one round trip.
  private static let largestBatch = 16
  /// The lifetime of a token in Redis: longer than a look-up or a creation takes.
  private static let tokenSeconds: Int64 = 10
  /// Replaces a value by a record, if the value is unchanged.
  private static let backfill: Command.Word = """
    if redis.call('GET',KEYS[1])==ARGV[1] then \
    return redis.call('SET',KEYS[1],ARGV[2],'EX',ARGV[3]) end
    """

  private let session: RedisSession
  private let hitSeconds: Int64
  private let missSeconds: Int64
  private let generations: GenerationTable
  private var hot: HotLinks
  private var pendingWrites: [Command] = []
  private let meter: Meter
  /// The number of the next token; no other process uses it within a token's lifetime.
  private var nextToken = UInt64.random(in: 0...(.max))

  package init(_ session: RedisSession, _ settings: Settings, meter: Meter = Meter()) {
    self.session = session
    self.meter = meter
    hitSeconds = Int64(settings.cacheSeconds)
    missSeconds = Int64(settings.missSeconds)
    generations = GenerationTable(StateDirectory(settings))
    hot = HotLinks(
      lifetimeMilliseconds: settings.hotCacheMilliseconds, generations: generations)
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
    let look = isLeasing ? take(key, &lease) : get(key)
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
    let tokens = keys.map { _ in token() }
    let before = pendingWrites.count
    for (key, token) in zip(keys, tokens) {
      pendingWrites.append([
        "SET", Self.word(key), .bytes(token), "EX", .integer(Self.tokenSeconds),
      ])
    }
    let replies = tell().dropFirst(before)
    return keys.indices.map { index in
      var lease = hot.lease(keys[index], at: now)
      if replies.dropFirst(index).first == .status("OK") {
        (lease.standing, lease.isOwn) = (tokens[index], true)
      }
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
    pendingWrites.append([
      "EVAL", Self.backfill, 1, Self.word(key), .bytes(standing), .text(record.value),
      .integer(record == .absent ? missSeconds : hitSeconds),
    ])
  }

  /// Remembers links that were just made, each under a lease from before.
  ///
  /// Where Redis refused a lease, it may still say that there is no such link. Then it forgets the name
  /// before the maker of the link is answered.
  package func rememberMade(_ links: [(link: Link, lease: CacheLease)]) {
    for (link, lease) in links { remember(LinkRecord(link), of: link.key, under: lease) }
    let unleased = links.filter { $0.lease.standing == nil }
    guard !unleased.isEmpty else { return }
    pendingWrites.append(Command(["DEL"] + unleased.map { Self.word($0.link.key) }))
    flush()
  }

  /// Writes what was remembered since the last call to Redis; call it after the answer was sent.
  package func flush() {
    if !pendingWrites.isEmpty { _ = tell() }
  }

  /// Writes to Redis, unless more will follow at once: then one round trip is enough for several
  /// links.
  ///
  /// - Parameter isMoreToCome: Whether a request has arrived already.
  package func flushUnless(_ isMoreToCome: Bool) {
    if !isMoreToCome || pendingWrites.count >= Self.largestBatch { flush() }
  }

  /// Checks the page of generations; look-ups call it about once a second.
  package func tick() {
    generations.tick()
  }

  /// Checks whether Redis answers.
  package func ping() throws(StoreError) {
    let reply = try session.ask(["PING"], during: "ping")
    guard case .status = reply else {
      throw StoreError(.redis, .unavailable, during: "ping", "answered \(reply)")
    }
  }
}

// MARK: - Redis

extension LinkCache {
  private enum Look {
    case known(LinkRecord)
    /// Redis has no usable value.
    case absent
    case failed

    init(_ value: [UInt8]) {
      self = LinkRecord(value).map(Look.known) ?? .absent
    }

    var result: LookupResult {
      switch self {
      case .known(let record): record.result
      case .absent: .miss
      case .failed: .error
      }
    }
  }

  /// Reads a name from Redis and sets a token if there is no value, by one command.
  private func take(_ key: LinkKey, _ lease: inout CacheLease) -> Look {
    let token = token()
    let command: Command = [
      "SET", Self.word(key), .bytes(token), "NX", "GET", "EX", .integer(Self.tokenSeconds),
    ]
    switch try? session.run([command]).first {
    // Its own token: set now, or by the first of two attempts.
    case .null?, .bulk(token)?:
      (lease.standing, lease.isOwn) = (token, true)
      return .absent
    case .bulk(let value)?:
      let look = Look(value)
      // Another unknown value may be a later release's record. It may also come back after a
      // change, and would then let in an older answer.
      if LinkRecord.isLease(value) { lease.standing = value }
      return look
    // Redis refuses writes now: it is full, or a replica.
    case .error?: return get(key)
    default: return .failed
    }
  }

  private func get(_ key: LinkKey) -> Look {
    switch try? session.run([["GET", Self.word(key)]]).first {
    case .bulk(let value)?: Look(value)
    case .null?: .absent
    default: .failed
    }
  }

  /// - Returns: Redis' reply to each of the pending writes; empty when Redis fails.
  private func tell() -> [Reply] {
    defer { pendingWrites.removeAll(keepingCapacity: true) }
    return (try? session.run(pendingWrites)) ?? []
  }

  private func token() -> [UInt8] {
    nextToken &+= 1
    return Array(unsafeUninitializedCapacity: 17) { bytes, count in
      guard let start = bytes.baseAddress else { return }
      start.initialize(to: UInt8(ascii: "?"))
      nextToken.writeHexDigits(to: start + 1)
      count = 17
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
