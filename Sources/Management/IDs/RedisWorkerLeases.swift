package import Links
import Redis
package import Sessions

/// Worker numbers 0 to 767, in Redis.
///
/// `worker_id:{n}` holds the owner and expires with the term. `worker_id:last`, a hash without an
/// expiry, has the last timestamp that may have been used with each number. It also has the run of
/// the server that last granted one. A server of another run was restarted, or is a promoted
/// replica. It may lack its last seconds, and so the record of a lease in use. Then there is a
/// grace period of one term, in which no number is granted. After it a forgotten holder has
/// stopped. Also every clock that is less than a term behind that holder's has passed its ids. A
/// server that forgot all timestamps uses the latest of all stored ids instead.
package final class RedisWorkerLeases: WorkerLeases {
  package static let numbers = 0..<768

  private let session: RedisSession
  private let latestTimestamp: () throws(StoreError) -> Int64
  private let prefix: String
  private var random = SystemRandomNumberGenerator()

  /// The number of worker ids that one request tries.
  private static let handful = 64
  /// Lease requests are rare: they may take this multiple of a request's time limit.
  private static let patience = 3

  /// Leases in Redis; `latestTimestamp` returns the latest timestamp of all stored ids, and is
  /// called rarely.
  package init(
    _ session: RedisSession, prefix: String = "worker_id",
    latestTimestamp: @escaping () throws(StoreError) -> Int64
  ) {
    self.session = session
    self.latestTimestamp = latestTimestamp
    self.prefix = prefix
  }

  package var epoch: Int? { session.standing }

  package func acquire(
    owner: String, term: Int64, wall: Int64
  ) throws(StoreError) -> LeaseAnswer {
    let start = Int.random(in: Self.numbers, using: &random)
    var offset = 0
    var base = ""
    while offset < Self.numbers.count {
      let numbers = (offset..<offset + Self.handful).map { (start + $0) % Self.numbers.count }
      let reply = try evaluate(
        Self.acquisition, keys: [last, gracePeriod] + numbers.map(key),
        [.text(owner), .integer(term), .integer(wall), .text(base)]
          + numbers.map { .integer(Int64($0)) },
        "acquire a worker id")
      let items = reply.elements ?? []
      switch (items.first?.text, items.count) {
      case ("granted", 4):
        guard let number = items[1].integer, let last = items[2].integer,
          let ceiling = items[3].integer
        else { throw Self.strange(reply) }
        return .granted(number: Int(number), last: last, ceiling: ceiling)
      case ("settling", 2):
        return .gracePeriod(milliseconds: items[1].integer ?? term)
      case ("without base", 1) where base.isEmpty:
        base = String(try latestTimestamp())
      case ("taken", 1):
        offset += Self.handful
      default: throw Self.strange(reply)
      }
    }
    return .noneFree
  }

  package func renew(
    _ number: Int, owner: String, term: Int64, ceiling: Int64
  ) throws(StoreError) -> Int64? {
    let reply = try evaluate(
      Self.renewal, keys: [key(number), last],
      [.text(owner), .integer(term), .integer(Int64(number)), .integer(ceiling)],
      "renew a worker id")
    if reply == .null { return nil }
    guard let recorded = reply.integer else { throw Self.strange(reply) }
    return recorded
  }

  package func release(_ number: Int, owner: String, last timestamp: Int64) throws(StoreError) {
    _ = try evaluate(
      Self.returning, keys: [key(number), last],
      [.text(owner), .integer(Int64(number)), .integer(timestamp)], "release a worker id")
  }

  /// The held numbers, with their owners and the milliseconds left of their terms.
  package func holders() throws(StoreError) -> [(number: Int, owner: String, left: Int64)] {
    let numbers = Array(Self.numbers)
    let owners = try session.ask(
      Command([.text("MGET")] + numbers.map { .text(key($0)) }), during: "list worker ids",
      patience: Self.patience)
    let held = zip(numbers, owners.elements ?? []).compactMap { number, reply in
      reply.text.map { (number, $0) }
    }
    let terms = try session.run(held.map { ["PTTL", .text(key($0.0))] }, patience: Self.patience)
    return zip(held, terms).map { ($0.0, $0.1, $1.integer ?? 0) }
  }

  /// The rest of the grace period after Redis was restarted, in milliseconds; nil when there is
  /// none.
  package func gracePeriodMilliseconds() throws(StoreError) -> Int64? {
    let left = try session.ask(
      ["PTTL", .text(gracePeriod)], during: "look for a grace period of Redis",
      patience: Self.patience)
    return left.integer.flatMap { $0 > 0 ? $0 : nil }
  }

  private var last: String { prefix + ":last" }
  /// The key has the name that earlier releases gave it.
  private var gracePeriod: String { prefix + ":settling" }
  private func key(_ number: Int) -> String { "\(prefix):\(number)" }

  private func evaluate(
    _ script: String, keys: [String], _ arguments: [Command.Word], _ operation: String
  ) throws(StoreError) -> Reply {
    let command = Command(
      [.text("EVAL"), .text(script), .integer(Int64(keys.count))] + keys.map { .text($0) }
        + arguments)
    return try session.ask(command, during: operation, patience: Self.patience)
  }

  private static func strange(_ reply: Reply) -> StoreError {
    StoreError(.redis, .unavailable, during: "worker ids", "answered \(reply)")
  }
}

// MARK: - Scripts

// Each runs as a whole or not at all. Timestamps are below 2^53, exact in Lua's numbers, and
// written without an exponent.
extension RedisWorkerLeases {
  private static let acquisition = """
    local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
    if redis.call('HGET', KEYS[1], 'run') ~= run then
      redis.call('HSET', KEYS[1], 'run', run)
      redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
    end
    local left = redis.call('PTTL', KEYS[2])
    if left > 0 then return {'settling', left} end
    if ARGV[4] ~= '' then redis.call('HSETNX', KEYS[1], 'base', ARGV[4]) end
    local base = redis.call('HGET', KEYS[1], 'base')
    if not base then return {'without base'} end
    for i = 3, #KEYS do
      if redis.call('SET', KEYS[i], ARGV[1], 'NX', 'PX', ARGV[2]) then
        local number = ARGV[i + 2]
        local last = tonumber(redis.call('HGET', KEYS[1], number) or base)
        local ceiling = math.max(last, tonumber(ARGV[3])) + tonumber(ARGV[2])
        redis.call('HSET', KEYS[1], number, string.format('%.0f', ceiling))
        return {'granted', number, string.format('%.0f', last), string.format('%.0f', ceiling)}
      end
    end
    return {'taken'}
    """

  private static let renewal = """
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
    local last = redis.call('HGET', KEYS[2], ARGV[3])
    if not last then return false end
    local ceiling = string.format('%.0f', math.max(tonumber(last), tonumber(ARGV[4])))
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    redis.call('HSET', KEYS[2], ARGV[3], ceiling)
    return ceiling
    """

  private static let returning = """
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
    return redis.call('DEL', KEYS[1])
    """
}
