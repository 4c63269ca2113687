package import Links
package import Metrics
import Redis
package import Service

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
/// Nothing here throws but `ping`: a cache that fails is a cache that knows nothing.
package final class LinkCache {
  private let session: RedisSession
  private let hitSeconds: Int64
  private let missSeconds: Int64
  private var hot: HotLinks
  private let meter: Meter

  package init(_ session: RedisSession, _ settings: Settings, meter: Meter = Meter()) {
    self.session = session
    self.meter = meter
    hitSeconds = Int64(settings.cacheSeconds)
    missSeconds = Int64(settings.missSeconds)
    hot = HotLinks(lifetimeMilliseconds: settings.hotCacheMilliseconds)
  }

  package func lookup(_ code: ShortCode) -> CacheLookup {
    let now = SystemClock.bootMilliseconds()
    let remembered = hot.lookup(code, at: now)
    meter.add(.lookups(.hot, remembered.result))
    if remembered != .unknown { return remembered }
    let reply = ask(["GET", Self.key(code)])
    guard case .bulk(let url)? = reply else {
      meter.add(.lookups(.redis, reply == .null ? .miss : .error))
      return .unknown
    }
    let found: CacheLookup =
      url.isEmpty ? .missing : .hit(DestinationURL(unchecked: String(decoding: url, as: UTF8.self)))
    meter.add(.lookups(.redis, found.result))
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
    _ = ask([
      "SET", Self.key(link.code), .text(link.destination.description), "EX", .integer(hitSeconds),
    ])
  }

  /// Never in the place of a link, which may have been made since it was looked for.
  package func rememberMissing(_ code: ShortCode) {
    hot.remember(code, .missing, at: SystemClock.bootMilliseconds())
    _ = ask(["SET", Self.key(code), "", "EX", .integer(missSeconds), "NX"])
  }

  /// To be called after every change of a link.
  package func forget(_ code: ShortCode) {
    hot.forget(code)
    _ = ask(["DEL", Self.key(code)])
  }

  /// Asks Redis for nothing but an answer.
  package func ping() throws(StoreError) {
    let reply = try session.run([["PING"]]).first
    guard case .status? = reply else {
      throw StoreError(
        .redis, .unavailable, during: "ping", "answered \(String(describing: reply))")
    }
  }

  private func ask(_ command: Command) -> Reply? {
    try? session.run([command]).first
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
