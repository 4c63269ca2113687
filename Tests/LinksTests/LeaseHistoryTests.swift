import Links
import TestSupport
import XCTest

/// Random histories of a few processes that fight for very few numbers, while clocks step, machines
/// sleep, answers are lost, stores lose their memory and processes die: no id is ever made twice.
final class LeaseHistoryTests: XCTestCase {
  func testNoHistoryMakesAnIDTwice() {
    let base = UInt64.random(in: 0...UInt64.max)
    for offset in 0..<300 {
      let seed = base &+ UInt64(offset)
      var history = History(seed: seed)
      history.run(steps: 400)
      XCTAssertEqual(history.doubles, 0, "seed \(seed)")
    }
  }

  func testTheHistoriesMeetWhatTheyAreMeantToMeet() {
    var met = History.Met()
    for seed in 0..<100 {
      var history = History(seed: UInt64(seed))
      history.run(steps: 400)
      met.add(history.met)
    }
    XCTAssertGreaterThan(met.ids, 100_000)
    for (name, count) in met.counts { XCTAssertGreaterThan(count, 20, name) }
  }
}

/// What a store promises, in memory: two numbers, terms by its own clock, ceilings on record.
private struct ModelStore {
  let numbers: Range<Int>
  let forgets: Bool
  var owners: [Int: (owner: Int, until: Int64)] = [:]
  var last: [Int: Int64] = [:]
  var settledAt: Int64?
  /// What stands in for timestamps that were forgotten.
  var base: Int64?
  var generation = 0

  mutating func acquire(
    owner: Int, term: Int64, wall: Int64, now: Int64, latest: Int64
  ) -> LeaseAnswer {
    if forgets {
      let settled = settledAt ?? now + term
      settledAt = settled
      if now < settled { return .settling(milliseconds: settled - now) }
      base = base ?? latest
    }
    for number in numbers where (owners[number]?.until ?? .min) <= now {
      let before = last[number] ?? base ?? -1
      let ceiling = max(before, wall) + term
      owners[number] = (owner, now + term)
      last[number] = ceiling
      return .granted(number: number, last: before, ceiling: ceiling)
    }
    return .noneFree
  }

  mutating func renew(
    _ number: Int, owner: Int, term: Int64, ceiling: Int64, now: Int64
  ) -> Int64? {
    // Redis removes what has run out; PostgreSQL keeps it until somebody else takes it.
    guard let held = owners[number], held.owner == owner, !forgets || held.until > now,
      let before = last[number]
    else { return nil }
    let recorded = max(before, ceiling)
    owners[number] = (owner, now + term)
    last[number] = recorded
    return recorded
  }

  mutating func release(_ number: Int, owner: Int, last timestamp: Int64) {
    guard owners[number]?.owner == owner else { return }
    owners[number] = nil
    last[number] = timestamp
  }

  mutating func forgetEverything() {
    owners = [:]
    last = [:]
    settledAt = nil
    base = nil
    generation += 1
  }
}

private struct Process {
  var state: LeaseState
  var owner: Int
  var wallOffset: Int64 = 0
  /// The store's generation when it last confirmed.
  var memory = 0
  var frozenUntil: Int64 = 0
}

private struct History {
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

  /// Whether the primary, started anew, lacks its last moments, as Redis may (AOF, each second);
  /// else it loses all, while clocks step.
  ///
  /// Both at once are too much for it: then PostgreSQL's unique keys are what is left.
  private let rollsBack: Bool

  init(seed: UInt64) {
    rollsBack = seed % 2 == 1
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
          let generation = primary.generation + 1
          primary = snapshot
          primary.generation = generation
        } else {
          met.note("forgot")
          primary.forgetEverything()
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
    return Process(state: LeaseState(term: term), owner: nextOwner)
  }

  private mutating func work(_ index: Int, forID: Bool) {
    guard now >= processes[index].frozenUntil else { return }
    for _ in 0..<5 {
      // The connection tells a process that its store was started anew.
      if processes[index].state.lease?.source == .primary,
        processes[index].memory != primary.generation
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
        if case .settling = answer { met.note("settling") }
        old = processes[index].state.answered(answer, by: source, asked: moment)
      }
    }
    if source == .primary {
      primary = store
      if trouble != 1 { processes[index].memory = store.generation }
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
