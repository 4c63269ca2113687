/// Decides when one process asks which store for a worker-id lease.
///
/// It is pure: it gets the time and the stores' answers, and returns the next action. A process
/// that makes no ids takes no lease.
package struct LeaseState: Sendable {
  package enum Action: Equatable, Sendable {
    case nothing
    case acquire(LeaseSource)
    /// Ask for another term, and for timestamps up to `ceiling`.
    case renew(LeaseSource, number: Int, ceiling: Int64)
    /// No store grants a number now; ask again after so many milliseconds.
    case wait(milliseconds: Int64)
  }

  package private(set) var lease: Lease?
  private let term: Int64
  /// The safety margin of each term, for clocks that differ in speed.
  private let margin: Int64
  private var primaryRestsUntil = Int64.min
  private var fallbackRestsUntil = Int64.min

  /// The pause before a store that failed, or had no number, is asked again.
  package static let restMilliseconds: Int64 = 1000

  /// - Parameter term: How long a store reserves a number for its holder, in milliseconds.
  package init(term: Int64) {
    self.term = term
    margin = max(term / 20, 100)
  }

  /// The next id, or `nil` when an action is needed first: `action(forID: true, at:)`.
  package mutating func nextID(at now: LeaseMoment) -> SnowflakeID? {
    guard var held = lease, now.boot < held.endsAt, !held.isDoubtful else { return nil }
    defer { lease = held }
    return held.generator.next(at: now.wall, upTo: held.ceiling)
  }

  /// The next action.
  ///
  /// `forID` means that an id is needed and `nextID` returned none. Without it, this is the regular
  /// check, which keeps a lease alive and returns to the primary.
  package mutating func action(forID: Bool, at now: LeaseMoment) -> Action {
    if let lease, now.boot >= lease.endsAt { self.lease = nil }
    guard let lease else { return forID ? acquisition(at: now) : .nothing }
    if !forID, lease.source == .fallback, now.boot >= primaryRestsUntil {
      return .acquire(.primary)
    }
    if forID, rests(lease.source, at: now) { return acquisition(at: now, insteadOf: lease.source) }
    guard forID || now.boot >= lease.renewsAt || lease.isDoubtful else { return .nothing }
    guard !rests(lease.source, at: now) else { return .nothing }
    return .renew(
      lease.source, number: lease.number, ceiling: max(now.wall, lease.last + 1) + term)
  }

  private func acquisition(at now: LeaseMoment, insteadOf source: LeaseSource? = nil) -> Action {
    for candidate in [LeaseSource.primary, .fallback]
    where candidate != source && !rests(candidate, at: now) {
      return .acquire(candidate)
    }
    return .wait(milliseconds: max(1, min(primaryRestsUntil, fallbackRestsUntil) - now.boot))
  }

  private func rests(_ source: LeaseSource, at now: LeaseMoment) -> Bool {
    now.boot < (source == .primary ? primaryRestsUntil : fallbackRestsUntil)
  }
}

// MARK: - What the stores answered

extension LeaseState {
  /// Notes the answer to a request that was sent at `asked`; a term counts from there.
  ///
  /// - Returns: The lease that the new one replaces, to be returned to its store.
  package mutating func answered(
    _ answer: LeaseAnswer, by source: LeaseSource, asked: LeaseMoment
  ) -> Lease? {
    switch answer {
    case .granted(let number, let last, let ceiling):
      let old = lease
      lease = Lease(
        source: source, generator: SnowflakeGenerator(worker: number, after: last),
        ceiling: ceiling, endsAt: asked.boot + term - margin, renewsAt: asked.boot + term / 2)
      return old
    case .noneFree:
      rest(source, until: asked.boot + Self.restMilliseconds)
    case .gracePeriod(let milliseconds):
      rest(source, until: asked.boot + milliseconds)
    }
    return nil
  }

  /// Notes that the store granted another term, and timestamps up to `ceiling`.
  package mutating func renewed(upTo ceiling: Int64, asked: LeaseMoment) {
    lease?.ceiling = ceiling
    lease?.endsAt = asked.boot + term - margin
    lease?.renewsAt = asked.boot + term / 2
    lease?.isDoubtful = false
  }

  /// Notes that the number doesn't belong to this process, or not any more.
  package mutating func lost() {
    lease = nil
  }

  /// Notes that a store could not be asked; a held lease stays valid until its term ends.
  package mutating func failed(_ source: LeaseSource, at now: LeaseMoment) {
    rest(source, until: now.boot + Self.restMilliseconds)
  }

  /// Notes that the store may have lost its data, for example by a restart: no id until it has
  /// confirmed.
  package mutating func doubt() {
    lease?.isDoubtful = true
  }

  /// Gives up the lease; the caller returns it to its store.
  package mutating func release() -> Lease? {
    defer { lease = nil }
    return lease
  }

  private mutating func rest(_ source: LeaseSource, until time: Int64) {
    switch source {
    case .primary: primaryRestsUntil = time
    case .fallback: fallbackRestsUntil = time
    }
  }
}
