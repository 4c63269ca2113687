package import Links
package import Metrics
import Redis
package import Service
package import Sessions

/// What the cache knows of a code.
package enum CacheLookup: Equatable, Sendable {
  case hit(DestinationURL)
  /// A short while ago there was no such link.
  case missing
  /// Nothing, or the cache can't be asked: PostgreSQL decides.
  case unknown
}

/// Redis as a cache of links, under `short_url:{code}`; an empty value says that there is no link.
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

  /// What is known of a code, by this process' memory and then by Redis.
  package func lookup(_ code: ShortCode) -> CacheLookup {
    let now = SystemClock.bootMilliseconds()
    let remembered = hot.lookup(code, at: now)
    meter.add(.lookups(.hot, remembered.result))
    if case .unknown = remembered {} else { return remembered }
    flush()
    let look = get(code)
    meter.add(.lookups(.redis, look.result))
    guard case .known(let found) = look else { return .unknown }
    hot.remember(code, found, at: now)
    return found
  }

  /// Where a code led when this process last looked it up: for when neither Redis nor PostgreSQL can
  /// be asked.
  package func lastDestination(of code: ShortCode) -> DestinationURL? {
    hot.lastDestination(of: code)
  }

  /// Only for links whose redirect depends on nothing but the code.
  package func remember(_ link: Link) {
    hot.remember(link.code, .hit(link.destination), at: SystemClock.bootMilliseconds())
    pendingWrites.append([
      "SET", Self.key(link.code), .text(link.destination.description), "EX", .integer(hitSeconds),
    ])
  }

  /// Never in the place of a link, which may have been made since it was looked for.
  package func rememberMissing(_ code: ShortCode) {
    hot.remember(code, .missing, at: SystemClock.bootMilliseconds())
    pendingWrites.append(["SET", Self.key(code), "", "EX", .integer(missSeconds), "NX"])
  }

  /// To be called after every change of a link.
  package func forget(_ code: ShortCode) {
    hot.forget(code)
    pendingWrites.append(["DEL", Self.key(code)])
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
    /// Redis has nothing under the code.
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

  private func get(_ code: ShortCode) -> Look {
    switch try? session.run([["GET", Self.key(code)]]).first {
    case .bulk(let url)?: Self.look(at: url)
    case .null?: .absent
    default: .failed
    }
  }

  /// A value that can't be a `Location` is no link's: PostgreSQL decides, as if there were none.
  private static func look(at value: [UInt8]) -> Look {
    if value.isEmpty { return .known(.missing) }
    let destination = DestinationURL(stored: String(decoding: value, as: UTF8.self))
    return destination.map { .known(.hit($0)) } ?? .absent
  }

  private static func key(_ code: ShortCode) -> Command.Word {
    .text("short_url:" + code.description)
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
