package import Links
package import Metrics
import Redis
package import Service
package import Sessions

/// What the cache knows of a link's name.
package enum CacheLookup: Equatable, Sendable {
  case hit(PlainLink)
  /// A short while ago there was no such link.
  case missing
  /// Nothing, or the cache can't be asked: PostgreSQL decides.
  case unknown
}

/// Redis as a cache of links: a `LinkRecord` under `short_url:{slug}`, for another domain than the
/// default one under `short_url@{domain}:{slug}`.
///
/// In front of it stands this process' own memory of a moment (`HotLinks`, HOT_CACHE_MS): what
/// another process changes is seen here that much later.
///
/// What is remembered is known here at once, and Redis is told by `flush`, when the answer under way
/// has gone. Nothing here throws but `ping`: a cache that fails is a cache that knows nothing.
package final class LinkCache {
  /// How many links Redis is told of in one round trip, at most.
  private static let largestBatch = 16

  private let session: RedisSession
  private let hitSeconds: Int64
  private let missSeconds: Int64
  private var hot: HotLinks
  private var pendingWrites: [Command] = []
  private let meter: Meter

  package init(_ session: RedisSession, _ settings: Settings, meter: Meter = Meter()) {
    self.session = session
    self.meter = meter
    hitSeconds = Int64(settings.cacheSeconds)
    missSeconds = Int64(settings.missSeconds)
    hot = HotLinks(lifetimeMilliseconds: settings.hotCacheMilliseconds)
  }

  /// What is known of a name, by this process' memory and then by Redis.
  package func lookup(_ key: LinkKey) -> CacheLookup {
    let now = SystemClock.bootMilliseconds()
    let remembered = hot.lookup(key, at: now)
    meter.add(.lookups(.hot, remembered.result))
    if case .unknown = remembered {} else { return remembered }
    flush()
    let look = get(key)
    meter.add(.lookups(.redis, look.result))
    guard case .known(let found) = look else { return .unknown }
    hot.remember(key, found, at: now)
    return found
  }

  /// What a name led to when this process last looked it up: for when neither Redis nor PostgreSQL can
  /// be asked.
  package func lastLink(_ key: LinkKey) -> PlainLink? {
    hot.lastLink(key)
  }

  /// Only for links whose redirect depends on nothing but the name.
  ///
  /// - Returns: What a redirect needs of it.
  @discardableResult
  package func remember(_ link: Link) -> PlainLink {
    let plain = PlainLink(link)
    hot.remember(link.key, .hit(plain), at: SystemClock.bootMilliseconds())
    pendingWrites.append([
      "SET", Self.word(link.key), .text(LinkRecord.plain(plain).value), "EX", .integer(hitSeconds),
    ])
    return plain
  }

  /// Never in the place of a link, which may have been made since it was looked for.
  package func rememberMissing(_ key: LinkKey) {
    hot.remember(key, .missing, at: SystemClock.bootMilliseconds())
    pendingWrites.append([
      "SET", Self.word(key), .text(LinkRecord.absent.value), "EX", .integer(missSeconds), "NX",
    ])
  }

  /// To be called after every change of a link.
  package func forget(_ key: LinkKey) {
    hot.forget(key)
    pendingWrites.append(["DEL", Self.word(key)])
    flush()
  }

  /// Tells Redis what was remembered since the last time; to be called when the answer has gone.
  package func flush() {
    guard !pendingWrites.isEmpty else { return }
    _ = try? session.run(pendingWrites)
    pendingWrites.removeAll(keepingCapacity: true)
  }

  /// Tells Redis, unless more is to come at once: then one round trip tells of several links.
  ///
  /// - Parameter isMoreToCome: Whether a request has arrived already.
  package func flushUnless(_ isMoreToCome: Bool) {
    if !isMoreToCome || pendingWrites.count >= Self.largestBatch { flush() }
  }

  /// Asks Redis for nothing but an answer.
  package func ping() throws(StoreError) {
    let reply = try session.ask(["PING"], during: "ping")
    guard case .status = reply else {
      throw StoreError(.redis, .unavailable, during: "ping", "answered \(reply)")
    }
  }

  private enum Look {
    case known(CacheLookup)
    /// Redis has nothing under the name that says anything.
    case absent
    case failed

    var result: LookupResult {
      switch self {
      case .known(let lookup): lookup.result
      case .absent: .miss
      case .failed: .error
      }
    }
  }

  private func get(_ key: LinkKey) -> Look {
    switch try? session.run([["GET", Self.word(key)]]).first {
    case .bulk(let value)?: Self.look(at: value)
    case .null?: .absent
    default: .failed
    }
  }

  private static func look(at value: [UInt8]) -> Look {
    switch LinkRecord(value) {
    case .absent: .known(.missing)
    case .plain(let link): .known(.hit(link))
    case nil: .absent
    }
  }

  /// No slug has a colon, so no two keys share a word.
  private static func word(_ key: LinkKey) -> Command.Word {
    // On the way of every redirect that Redis is asked for: one concatenation.
    guard key.isOfDefaultDomain else {
      return .text("short_url@" + key.domain + ":" + key.slug.description)
    }
    return .text("short_url:" + key.slug.description)
  }
}

extension CacheLookup {
  /// How it is counted.
  fileprivate var result: LookupResult {
    switch self {
    case .hit: .hit
    case .missing: .negative
    case .unknown: .miss
    }
  }
}
