package import Links
package import Metrics
import Redis
package import Service
package import Sessions
import Text

/// What is remembered of links: `LinkRecord`s in this process' memory (`HotLinks`) and in Redis.
///
/// A change that is announced ends both. In memory the link's generation is another one then. In Redis
/// its key is deleted, and what PostgreSQL said before can't be written any more: whoever asks
/// PostgreSQL takes a lease first (`CacheLease`).
///
/// What is remembered is known here at once, and Redis is told by `flush`, when the answer under way
/// has gone. Nothing here throws but `ping`: a cache that fails is a cache that knows nothing.
package final class LinkCache {
  /// How many links Redis is told of in one round trip, at most.
  private static let largestBatch = 16
  /// How long a token stands in Redis: longer than a look-up or a creation takes.
  private static let tokenSeconds: Int64 = 10
  /// Writes a record in the place of what must still stand there.
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
  /// The number of the next token: no other process has the same within a token's time.
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

  /// What is known of a name, by this process' memory and then by Redis.
  ///
  /// - Parameters:
  ///   - key: The name.
  ///   - isLeasing: Whether PostgreSQL is to be asked for what isn't known. Then its answer may be
  ///     written to Redis.
  /// - Returns: What is known, or the lease for what PostgreSQL will say.
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

  /// What this process last learned of a name, for when PostgreSQL can't be asked; `lease` is what the
  /// look-up gave.
  ///
  /// Where Redis can be asked, a change may be why it has nothing. Then only what no change has ended is
  /// given.
  package func lastRecord(_ key: LinkKey, under lease: CacheLease) -> LinkRecord? {
    lease.isRedisSilent
      ? hot.lastRecord(key) : hot.unchangedRecord(key, at: SystemClock.bootMilliseconds())
  }

  /// Takes leases for links that are about to be made, in one round trip.
  ///
  /// What Redis has under their names says nothing then, also where it said that there is no such link.
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

  /// Remembers what PostgreSQL said.
  ///
  /// That there is no such link is written in the place of an own token alone: another one's token may
  /// announce the link.
  package func remember(_ record: LinkRecord, of key: LinkKey, under lease: CacheLease) {
    hot.remember(record, of: key, under: lease)
    guard let standing = lease.standing, lease.isOwn || record != .absent else { return }
    pendingWrites.append([
      "EVAL", Self.backfill, 1, Self.word(key), .bytes(standing), .text(record.value),
      .integer(record == .absent ? missSeconds : hitSeconds),
    ])
  }

  /// Tells Redis what was remembered since the last time; to be called when the answer has gone.
  package func flush() {
    if !pendingWrites.isEmpty { _ = tell() }
  }

  /// Tells Redis, unless more is to come at once: then one round trip tells of several links.
  ///
  /// - Parameter isMoreToCome: Whether a request has arrived already.
  package func flushUnless(_ isMoreToCome: Bool) {
    if !isMoreToCome || pendingWrites.count >= Self.largestBatch { flush() }
  }

  /// Looks for the page of generations; to be called about once a second by those who look up links.
  package func tick() {
    generations.tick()
  }

  /// Asks Redis for nothing but an answer.
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
    /// Redis has nothing under the name that says anything.
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

  /// Asks Redis and leaves a token where it has nothing, by one command.
  private func take(_ key: LinkKey, _ lease: inout CacheLease) -> Look {
    let token = token()
    let command: Command = [
      "SET", Self.word(key), .bytes(token), "NX", "GET", "EX", .integer(Self.tokenSeconds),
    ]
    switch try? session.run([command]).first {
    // Its own token: the command was sent again, on a new connection.
    case .null?, .bulk(token)?:
      (lease.standing, lease.isOwn) = (token, true)
      return .absent
    case .bulk(let value)?:
      let look = Look(value)
      // Another value that isn't read may be a later release's record. It may also come again after a
      // change, and then let in what was said before it.
      if LinkRecord.isLease(value) { lease.standing = value }
      return look
    // Redis takes no writes now: it is full, or a replica.
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

  /// - Returns: Redis' reply to each of the pending writes; nothing when it fails.
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
    // On the way of every redirect that Redis is asked for: one concatenation.
    guard key.isOfDefaultDomain else {
      return .text("short_url@" + key.domain + ":" + key.slug.description)
    }
    return .text("short_url:" + key.slug.description)
  }
}

extension CacheLookup {
  fileprivate init(_ record: LinkRecord) {
    switch record {
    case .plain(let link): self = .hit(link)
    case .absent: self = .missing
    case .gone: self = .gone
    }
  }
}

extension LinkRecord {
  /// How it is counted.
  fileprivate var result: LookupResult {
    switch self {
    case .plain, .gone: .hit
    case .absent: .negative
    }
  }
}
