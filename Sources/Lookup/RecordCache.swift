import Links
import Redis
import Sessions
import Text

/// Redis as a cache of records: what is read from it, and what waits to be written to it.
///
/// Nothing here throws: a failing Redis has nothing.
final class RecordCache {
  /// The limit of records written in one round trip.
  private static let largestBatch = 16
  /// The lifetime of a token: longer than a look-up or a creation takes.
  private static let tokenSeconds: Int64 = 10
  /// Replaces a value by a record, if the value is unchanged.
  private static let backfill: Command.Word = """
    if redis.call('GET',KEYS[1])==ARGV[1] then \
    return redis.call('SET',KEYS[1],ARGV[2],'EX',ARGV[3]) end
    """

  private let session: RedisSession
  private var pendingWrites: [Command] = []
  /// The number of the next token; no other process uses it within a token's lifetime.
  private var nextToken = UInt64.random(in: 0...(.max))

  init(_ session: RedisSession) {
    self.session = session
  }

  enum Reading {
    case value([UInt8])
    case absent
    case failed
  }

  /// Reads a key and sets a token if there is no value, by one command.
  func take(_ key: Command.Word, _ lease: inout CacheLease) -> Reading {
    let token = token()
    let command: Command = [
      "SET", key, .bytes(token), "NX", "GET", "EX", .integer(Self.tokenSeconds),
    ]
    switch try? session.run([command]).first {
    // Its own token: set now, or by the first of two attempts.
    case .null?, .bulk(token)?:
      (lease.standing, lease.isOwn) = (token, true)
      return .absent
    case .bulk(let value)?:
      // Another unknown value may be a later release's record. It may also come back after a
      // change, and would then let in an older answer.
      if LinkRecord.isLease(value) { lease.standing = value }
      return .value(value)
    // Redis refuses writes now: it is full, or a replica.
    case .error?: return get(key)
    default: return .failed
    }
  }

  func get(_ key: Command.Word) -> Reading {
    switch try? session.run([["GET", key]]).first {
    case .bulk(let value)?: .value(value)
    case .null?: .absent
    default: .failed
    }
  }

  /// Sets a token for each of these keys, in one round trip; nil where Redis refused it.
  func tokens(for keys: [Command.Word]) -> [[UInt8]?] {
    let tokens = keys.map { _ in token() }
    let before = pendingWrites.count
    for (key, token) in zip(keys, tokens) {
      pendingWrites.append(["SET", key, .bytes(token), "EX", .integer(Self.tokenSeconds)])
    }
    let replies = tell().dropFirst(before)
    return keys.indices.map { index in
      replies.dropFirst(index).first == .status("OK") ? tokens[index] : nil
    }
  }

  /// Writes a record in place of what stands there under a lease; `flush` sends it.
  func replace(
    _ key: Command.Word, _ standing: [UInt8], by record: String, seconds: Int64
  ) {
    pendingWrites.append([
      "EVAL", Self.backfill, 1, key, .bytes(standing), .text(record), .integer(seconds),
    ])
  }

  /// Deletes keys; `flush` sends it.
  func forget(_ keys: [Command.Word]) {
    pendingWrites.append(Command(["DEL"] + keys))
  }

  func flush() {
    if !pendingWrites.isEmpty { _ = tell() }
  }

  func flushUnless(_ isMoreToCome: Bool) {
    if !isMoreToCome || pendingWrites.count >= Self.largestBatch { flush() }
  }

  func ping() throws(StoreError) {
    let reply = try session.ask(["PING"], during: "ping")
    guard case .status = reply else {
      throw StoreError(.redis, .unavailable, during: "ping", "answered \(reply)")
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
}
