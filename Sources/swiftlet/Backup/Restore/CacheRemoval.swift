import Redis
import Sessions

/// The removal of what Redis remembers of links: after a restore they may be others.
struct CacheRemoval {
  /// The keys of links, `short_url:SLUG` and `short_url@DOMAIN:SLUG`.
  private static let pattern = "short_url[:@]*"

  private let redis: RedisSession

  init(_ installation: Installation) throws {
    redis = try installation.redis()
  }

  /// Throws unless Redis answers and our user may look for keys and remove them.
  func check() throws {
    _ = try redis.ask(["SCAN", "0", "COUNT", 1], during: "scan")
    // No link has an empty name.
    _ = try redis.ask(["UNLINK", "short_url:"], during: "unlink")
  }

  /// Removes our keys, and nobody else's.
  ///
  /// - Returns: Their number.
  func run() throws -> Int {
    var cursor = "0"
    var count = 0
    repeat {
      let reply = try redis.ask(
        ["SCAN", .text(cursor), "MATCH", .text(Self.pattern), "COUNT", 1000], during: "scan",
        patience: 10)
      guard let elements = reply.elements, elements.count == 2, let next = elements[0].text else {
        throw StoreError(.redis, .rejected, during: "scan", "an unexpected reply")
      }
      let keys = (elements[1].elements ?? []).compactMap { element -> Command.Word? in
        if case .bulk(let bytes) = element { .bytes(bytes) } else { nil }
      }
      if !keys.isEmpty {
        _ = try redis.ask(Command(["UNLINK"] + keys), during: "unlink", patience: 10)
      }
      count += keys.count
      cursor = next
    } while cursor != "0"
    return count
  }
}
