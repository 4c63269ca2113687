import Links
import TestSupport

/// A random history of a few processes that lease numbers from two stores and make ids.
struct LeaseHistory {
  private struct Process {
    var state: LeaseState
    var owner: Int
    var wallOffset: Int64 = 0
    /// The store's run when it last confirmed.
    var memory = 0
    var frozenUntil: Int64 = 0
  }

  struct Met {
    var ids = 0
    var counts: [String: Int] = [:]
    mutating func note(_ name: String) { counts[name, default: 0] += 1 }
    mutating func add(_ other: Met) {
      ids += other.ids
      counts.merge(other.counts, uniquingKeysWith: +)
    }
  }

  var doubles = 0
  var met = Met()
  private var random: SplitMix64
  private var now: Int64 = 1_000_000
  private var nextOwner = 0
  private let term: Int64 = 60_000
  private var latest: Int64 = -1
  private var made: Set<SnowflakeID> = []
  private var processes: [Process] = []
  private var primary = ModelStore(numbers: 0..<2, forgets: true)
  private lazy var snapshot = primary
  private var fallback = ModelStore(numbers: 768..<770, forgets: false)

  /// Whether the primary, started anew, lacks its last moments, as Redis may (AOF, each second).
  ///
  /// Else it loses all, and clocks step. A rollback while clocks step is left to
  /// PostgreSQL's unique keys.
  private let rollsBack: Bool
  /// Whether clocks differ from the start, in all by less than a term.
  private let clocksDiffer: Bool

  init(seed: UInt64) {
    rollsBack = seed % 2 == 1
    clocksDiffer = seed % 4 == 1
    random = SplitMix64(seed: seed)
    for _ in 0..<4 { processes.append(newProcess()) }
  }

  mutating func run(steps: Int) {
    for _ in 0..<steps {
      now += Int64.random(in: 0...3000, using: &random)
      if Bool.random(using: &random) { snapshot = primary }
      let index = Int.random(in: 0..<processes.count, using: &random)
      switch Int.random(in: 0..<100, using: &random) {
      case 0..<2 where !rollsBack:
        met.note("clock steps")
        processes[index].wallOffset = Int64.random(in: -150_000...150_000, using: &random)
      case 2..<4:
        met.note("frozen")
        processes[index].frozenUntil = now + Int64.random(in: 1000...180_000, using: &random)
      case 4:
        met.note("died")
        processes[index] = newProcess()
      case 5:
        met.note("stopped")
        if let lease = processes[index].state.release() {
          release(lease, owner: processes[index].owner)
        }
        processes[index] = newProcess()
      case 6 where Int.random(in: 0..<4, using: &random) == 0:
        if rollsBack {
          met.note("rolled back")
          primary.restart(with: snapshot)
        } else {
          met.note("forgot")
          primary.restart(with: nil)
        }
      case 7..<50:
        work(index, forID: false)
      default:
        let burst = Int.random(in: 1...40, using: &random)
        for _ in 0..<burst { work(index, forID: true) }
      }
    }
  }

  private mutating func newProcess() -> Process {
    nextOwner += 1
    var process = Process(state: LeaseState(term: term), owner: nextOwner)
    if clocksDiffer { process.wallOffset = [-25_000, 0, 25_000][nextOwner % 3] }
    return process
  }

  private mutating func work(_ index: Int, forID: Bool) {
    guard now >= processes[index].frozenUntil else { return }
    for _ in 0..<5 {
      // The connection tells a process that its store was started anew.
      if processes[index].state.lease?.source == .primary,
        processes[index].memory != primary.run
      {
        processes[index].state.doubt()
      }
      // A coarse clock, so that two who hold one number would soon make the same id.
      let wall = (90_000_000_000 + now + processes[index].wallOffset) / 4000 * 4000
      let moment = LeaseMoment(wall: wall, boot: now)
      if forID, let id = processes[index].state.nextID(at: moment) {
        met.ids += 1
        latest = max(latest, id.timestamp)
        if !made.insert(id).inserted { doubles += 1 }
        return
      }
      guard perform(processes[index].state.action(forID: forID, at: moment), index, moment),
        forID
      else { return }
    }
  }

  /// Asks the store; now and then it can't be asked, or its answer is lost after it acted.
  private mutating func perform(
    _ action: LeaseState.Action, _ index: Int, _ moment: LeaseMoment
  ) -> Bool {
    let source: LeaseSource
    switch action {
    case .nothing, .wait: return false
    case .acquire(let asked): source = asked
    case .renew(let asked, _, _): source = asked
    }
    let trouble = Int.random(in: 0..<20, using: &random)
    if trouble == 0 {
      met.note("unreachable")
      processes[index].state.failed(source, at: moment)
      return true
    }
    var store = source == .primary ? primary : fallback
    let owner = processes[index].owner
    var old: Lease?
    if case .renew(_, let number, let ceiling) = action {
      let recorded = store.renew(number, owner: owner, term: term, ceiling: ceiling, now: now)
      if trouble == 1 {
        processes[index].state.failed(source, at: moment)
      } else if let recorded {
        processes[index].state.renewed(upTo: recorded, asked: moment)
      } else {
        met.note("lost")
        processes[index].state.lost()
      }
    } else {
      let answer = store.acquire(
        owner: owner, term: term, wall: moment.wall, now: now, latest: latest)
      if trouble == 1 {
        met.note("answer lost")
        processes[index].state.failed(source, at: moment)
      } else {
        if case .gracePeriod = answer { met.note("settling") }
        old = processes[index].state.answered(answer, by: source, asked: moment)
      }
    }
    if source == .primary {
      primary = store
      if trouble != 1 { processes[index].memory = store.run }
    } else {
      fallback = store
    }
    if let old {
      met.note("changed store")
      release(old, owner: owner)
    }
    return true
  }

  private mutating func release(_ lease: Lease, owner: Int) {
    if lease.source == .primary {
      primary.release(lease.number, owner: owner, last: lease.last)
    } else {
      fallback.release(lease.number, owner: owner, last: lease.last)
    }
  }
}
