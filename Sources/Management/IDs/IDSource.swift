import Glibc
package import Links
package import Logging
package import Metrics
package import Service
package import Sessions

/// The source of a process's ids: a worker-id lease.
///
/// The lease is taken when the first id is needed, kept alive by `tick`, and returned by `release`.
///
/// An id is unique among all that were ever made. If a store has broken its promises, PostgreSQL's
/// unique keys refuse the id, and the caller takes the next one.
package final class IDSource {
  private let primary: any WorkerLeases
  private let fallback: any WorkerLeases
  private let term: Int64
  private let clock: () -> LeaseMoment
  private let log: Logger
  private let owner: String
  private let meter: Meter
  /// The source of the lease that was last counted as held.
  private var metered: LeaseSource?
  private var state: LeaseState
  /// The store's epoch when it last confirmed our lease.
  private var epoch: Int?

  /// The clock is this machine's unless a test replaces it.
  package init(
    primary: any WorkerLeases, fallback: any WorkerLeases, leaseSeconds: Int, log: Logger,
    meter: Meter = Meter(), clock: @escaping () -> LeaseMoment = IDSource.now
  ) {
    self.meter = meter
    self.primary = primary
    self.fallback = fallback
    self.log = log
    self.clock = clock
    term = Int64(leaseSeconds) * 1000
    owner = Self.ownerToken()
    state = LeaseState(term: term)
  }

  package convenience init(
    redis: RedisSession, postgres: PostgresSession, _ settings: Settings, log: Logger,
    meter: Meter = Meter()
  ) {
    let links = ShortURLInsertion(postgres, settings)
    self.init(
      primary: RedisWorkerLeases(redis, latestTimestamp: links.latestTimestamp),
      fallback: PostgresWorkerLeases(
        postgres, timeoutMilliseconds: 2 * settings.postgresReadTimeoutMilliseconds),
      leaseSeconds: settings.leaseSeconds, log: log, meter: meter)
  }

  /// The worker number held now and the store it comes from.
  package var lease: (number: Int, source: LeaseSource)? {
    state.lease.map { ($0.number, $0.source) }
  }

  /// The next id, greater than any made before with the same number.
  package func next() throws(StoreError) -> SnowflakeID {
    var failure: StoreError?
    // At most: renew, find it lost, ask one store, ask the other, and one more.
    for _ in 0..<5 {
      doubtIfForgotten()
      let now = clock()
      if let id = state.nextID(at: now) { return id }
      let action = state.action(forID: true, at: now)
      if case .wait(let milliseconds) = action {
        throw failure ?? unavailable(for: milliseconds)
      }
      do throws(StoreError) {
        try perform(action, at: now)
      } catch {
        failure = error
      }
    }
    throw failure ?? unavailable(for: LeaseState.restMilliseconds)
  }

  /// The next ids, so many.
  package func next(_ count: Int) throws(StoreError) -> [SnowflakeID] {
    var ids = [try next()]
    // The lease was checked just now, and the result holds for all of them.
    let now = clock()
    while ids.count < count {
      if let id = state.nextID(at: now) { ids.append(id) } else { ids.append(try next()) }
    }
    return ids
  }

  /// Logs an id that was used already.
  ///
  /// Its client gets another one, but clocks or stores have broken their promises.
  func wasTaken(_ id: SnowflakeID) {
    guard let source = state.lease?.source else { return }
    meter.add(.leases(.collision, source.store))
    log.error(
      "an id was taken already", metadata: ["id": "\(id.rawValue)", "store": "\(source.store)"])
  }

  /// Keeps the lease alive; call it about once a second, between requests.
  package func tick() {
    doubtIfForgotten()
    let now = clock()
    // A failure shows in the state, and is logged by the session.
    try? perform(state.action(forID: false, at: now), at: now)
  }

  /// Returns the lease with the last timestamp used; call it before the process ends.
  package func release() {
    if let lease = state.release() { giveBack(lease) }
    metered = nil
    meterHeld()
  }

  private func perform(_ action: LeaseState.Action, at asked: LeaseMoment) throws(StoreError) {
    meterHeld()  // Deciding may have found that the term is over.
    defer { meterHeld() }
    switch action {
    case .nothing, .wait: return
    case .acquire(let source):
      let answer = try asking(source, at: asked) { store throws(StoreError) in
        try store.acquire(owner: owner, term: term, wall: max(0, asked.wall))
      }
      if let old = state.answered(answer, by: source, asked: asked) { giveBack(old) }
      report(answer, from: source)
    case .renew(let source, let number, let ceiling):
      let recorded = try asking(source, at: asked) { store throws(StoreError) in
        try store.renew(number, owner: owner, term: term, ceiling: ceiling)
      }
      if let recorded {
        state.renewed(upTo: recorded, asked: asked)
        meter.add(.leases(.renewal, source.store))
      } else {
        state.lost()
        log.warning("worker id lost", metadata: ["worker_id": "\(number)"])
      }
    }
    epoch = state.lease.flatMap { store($0.source).epoch }
  }

  private func asking<Result>(
    _ source: LeaseSource, at now: LeaseMoment,
    _ body: (any WorkerLeases) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    do throws(StoreError) {
      return try body(store(source))
    } catch {
      state.failed(source, at: now)
      throw error
    }
  }

  private func doubtIfForgotten() {
    guard let lease = state.lease else { return }
    let current = store(lease.source).epoch
    if current == nil || current != epoch { state.doubt() }
  }

  private func giveBack(_ lease: Lease) {
    // A lease that isn't returned becomes free when its term ends.
    try? store(lease.source).release(lease.number, owner: owner, last: lease.last)
  }

  private func store(_ source: LeaseSource) -> any WorkerLeases {
    source == .primary ? primary : fallback
  }
}

extension IDSource {
  /// The clocks of this machine.
  package static func now() -> LeaseMoment {
    LeaseMoment(
      wall: SystemClock.milliseconds() - SnowflakeID.epochMilliseconds,
      boot: SystemClock.bootMilliseconds())
  }

  /// Host and process for people, and random bits to be unique.
  private static func ownerToken() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    gethostname(&buffer, buffer.count - 1)
    let host = String(
      decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let chance = UInt64.random(in: 0...UInt64.max)
    return "\(host)/\(getpid())/" + String(chance, radix: 16)
  }

  private func unavailable(for milliseconds: Int64) -> StoreError {
    StoreError(
      .redis, .unavailable, during: "acquire a worker id", "no store gives one now",
      retryAfter: Int((milliseconds + 999) / 1000))
  }

  /// Counts a lease that ended without being returned, and publishes what is held now.
  private func meterHeld() {
    let held = state.lease?.source
    if let metered, held == nil { meter.add(.leases(.loss, metered.store)) }
    metered = held
    for store in LeaseStore.allCases {
      meter.set(.leases(store), held?.store == store ? 1 : 0)
    }
  }

  private func report(_ answer: LeaseAnswer, from source: LeaseSource) {
    let store: Logger.MetadataValue = "\(source.store)"
    switch answer {
    case .granted(let number, _, _):
      meter.add(.leases(.grant, source.store))
      log.info("worker id taken", metadata: ["worker_id": "\(number)", "store": store])
    case .noneFree: log.error("every worker id is taken", metadata: ["store": store])
    case .gracePeriod: break
    }
  }
}

extension LeaseSource {
  /// The engine behind it.
  fileprivate var store: LeaseStore { self == .primary ? .redis : .postgres }
}
