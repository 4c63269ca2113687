import Clicks
import TestSupport
import XCTest

/// Random histories of the whole click path with everything in it failing, over the real state
/// machines and models of the engines.
final class HistoryTests: XCTestCase {
  func testEveryClickIsStoredOnceWhateverFails() throws {
    var sometimes = History.Sometimes()
    for seed in 0..<150 as Range<UInt64> {
      var history = History(seed: seed)
      for _ in 0..<600 { history.step() }
      history.drain()
      sometimes.add(history)
      let problems = history.problems()
      XCTAssertEqual(problems, [], "seed \(seed)")
      if !problems.isEmpty { return }
    }
    // A history in which nothing happens proves nothing.
    for (name, count) in sometimes.counts { XCTAssertGreaterThan(count, 50, name) }
  }
}

/// One history, replayable from its seed.
struct History {
  struct Sometimes {
    var counts: [String: Int] = [:]

    mutating func add(_ history: History) {
      counts["refusals", default: 0] += history.broker.refusals
      counts["messages lost in a crash", default: 0] += history.broker.lostInCrash
      counts["redeliveries", default: 0] += history.broker.redeliveries
      counts["batches recovered", default: 0] += history.store.recovered
      for (name, count) in history.happened { counts[name, default: 0] += count }
    }
  }

  private var random: SplitMix64
  private var journals: [JournalID: [UInt8]] = [:]
  private var written: Set<EventID> = []
  private var deadLines: Set<JournalRange> = []
  private var nextEvent: UInt64 = 1

  private var ledger = RelayLedger(window: 8)
  private var saved: [JournalID: Int] = [:]
  fileprivate var broker = ModelBroker()
  fileprivate var store = ModelStore()
  fileprivate var happened: [String: Int] = [:]

  private var marks = Watermarks()
  private var known = RecentEvents()
  private var storedKnown = RecentEvents()
  private var batch = Self.newBatch()
  private var dead: Set<JournalRange> = []
  private var failures: [String] = []

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    for number in 1...3 as ClosedRange<UInt64> { journals[JournalID(rawValue: number)] = [] }
    restartRelay()
  }

  private static func newBatch() -> BatchBuilder<RecordedRows> {
    BatchBuilder(limits: .init(rows: 1000, milliseconds: 1))
  }

  mutating func step() {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<25: write()
    case 25..<50: publish()
    case 50..<62: takeIn(refusing: Int.random(in: 0..<20, using: &random) == 0)
    case 62..<72: confirm()
    case 72..<84: deliver()
    case 84..<92: storeBatch(faulty: true)
    case 92: saved = ledger.safeEnds
    case 93: restartRelay()
    case 94: loseRelay()
    case 95:
      broker.crash(using: &random)
      ledger.goBack()
      dropIntake()
    case 96, 97: dropIntake()
    case 98: crashConsumer()
    default: happened["idle", default: 0] += 1
    }
  }

  /// Lets everything run without faults until nothing is left to do.
  mutating func drain() {
    for _ in 0..<10_000 {
      publish()
      takeIn(refusing: false)
      confirm()
      deliver()
      storeBatch(faulty: false)
      let isPublished = journals.allSatisfy { ledger.safeEnd(of: $0.key) == $0.value.count }
      if isPublished, broker.isIdle, batch.isEmpty { return }
    }
    failures.append("it never comes to rest")
  }

  /// What is wrong at the end, in words.
  func problems() -> [String] {
    var problems = failures
    let stored = store.rows.map(\.event)
    if stored.count != Set(stored).count { problems.append("clicks stored twice") }
    if Set(stored) != written { problems.append("clicks lost or invented") }
    for (target, batches) in store.counts {
      let counted = batches.values.flatMap { $0 }
      if counted.count != stored.count || Set(counted) != written {
        problems.append("count \(target) has \(counted.count) of \(stored.count)")
      }
    }
    if dead != deadLines { problems.append("bad lines lost or invented") }
    return problems
  }

  // MARK: - Writers and relay

  private mutating func write() {
    let journal = JournalID(rawValue: .random(in: 1...3, using: &random))
    if Int.random(in: 0..<15, using: &random) == 0 {
      let line = Array("{\"no\":\"click\"}\n".utf8)
      let start = journals[journal]?.count ?? 0
      if let range = JournalRange(journal: journal, from: start, to: start + line.count) {
        deadLines.insert(range)
      }
      journals[journal]?.append(contentsOf: line)
      return
    }
    let click = Click.sample(nextEvent)
    nextEvent += 1
    written.insert(click.eventID)
    let twice = Int.random(in: 0..<8, using: &random)
    if twice != 0 { journals[journal]?.append(contentsOf: click.line) }
    if twice <= 1 {
      // The spare pool has a journal of its own, and may be the only one to have the click.
      let retried = Click.sample(nextEvent - 1, isRetried: true)
      journals[JournalID(rawValue: .random(in: 1...3, using: &random))]?
        .append(contentsOf: retried.line)
      happened["second tries", default: 0] += 1
    }
  }

  private mutating func publish() {
    let candidates = journals.filter { ledger.nextByte(of: $0.key) < $0.value.count }
      .map(\.key).sorted { $0.rawValue < $1.rawValue }
    guard ledger.canPublish, let journal = candidates.randomElement(using: &random),
      let bytes = journals[journal]
    else { return }
    let from = ledger.nextByte(of: journal)
    var ends: [Int] = []
    for index in from..<bytes.count where bytes[index] == 0x0A && ends.count < 4 {
      ends.append(index + 1)
    }
    guard let to = ends.randomElement(using: &random),
      let range = JournalRange(journal: journal, from: from, to: to)
    else { return }
    broker.publish(range, confirmedEnd: ledger.safeEnd(of: journal), body: Array(bytes[from..<to]))
    ledger.publish(range)
  }

  private mutating func takeIn(refusing: Bool) {
    if broker.takeIn(refusing: refusing) { loseRelay() }
  }

  private mutating func confirm() {
    guard let confirm = broker.confirm(using: &random) else { return }
    let before = ledger.safeEnds
    _ = ledger.confirm(confirm.tag, multiple: confirm.multiple)
    for (journal, end) in ledger.safeEnds where end < before[journal] ?? 0 {
      failures.append("the safe end moved back")
    }
  }

  private mutating func loseRelay() {
    broker.loseRelay(arriving: Int.random(in: 0...4, using: &random))
    ledger.goBack()
    happened["relay connections lost", default: 0] += 1
  }

  private mutating func restartRelay() {
    broker.loseRelay(arriving: Int.random(in: 0...4, using: &random))
    ledger = RelayLedger(window: 8)
    for journal in journals.keys { ledger.follow(journal, from: saved[journal] ?? 0) }
    happened["relay restarts", default: 0] += 1
  }

  // MARK: - Consumer

  private mutating func deliver() {
    guard let (delivery, message) = broker.deliver() else { return }
    let journal = message.range.journal
    if !marks.knows(journal) { marks.learn(journal, stored: store.end(of: journal)) }
    switch marks.judge(message.range, confirmed: message.confirmedEnd) {
    case .repeat:
      happened["repeats", default: 0] += 1
      batch.note(delivery: delivery, at: 0)
    case .early:
      happened["messages too early", default: 0] += 1
      batch.note(delivery: delivery, at: 0)
    case .take(let mark, let lost):
      if lost > 0 { failures.append("a gap where nothing was lost") }
      if mark > message.range.from { happened["trimmed messages", default: 0] += 1 }
      marks.take(message.range)
      message.body.withUnsafeBufferPointer {
        batch.take(
          $0, range: message.range, above: mark, delivery: delivery, known: &known, at: 0)
      }
    }
  }

  private mutating func storeBatch(faulty: Bool) {
    guard !batch.isEmpty else { return }
    var closed = batch
    batch = Self.newBatch()
    let retried = closed.retried.map(\.click.eventID)
    closed.resolveRetried(stored: store.events)
    dead.formUnion(closed.dead.map(\.range))
    if !closed.ends.isEmpty {
      var storing = BatchStoring(hasRows: closed.rows.count > 0)
      let number = store.lastBatch + 1
      while storing.step != .stored {
        if faulty, Int.random(in: 0..<25, using: &random) == 0 { return crashConsumer() }
        if faulty, storing.canBeDropped, Int.random(in: 0..<25, using: &random) == 0 {
          return dropIntake()
        }
        guard advance(&storing, closed, number, faulty: faulty) else { return crashConsumer() }
      }
    }
    if faulty, Int.random(in: 0..<15, using: &random) == 0 { return crashConsumer() }
    marks.settle(closed.ends)
    for event in retried { storedKnown.insert(event) }
    if faulty, Int.random(in: 0..<15, using: &random) == 0 { return dropIntake() }
    let stored = store.events
    for message in broker.acknowledge(upTo: closed.lastDelivery) {
      for event in Self.events(of: message) where !stored.contains(event) {
        // A message that came too early may be let go: the relay publishes it again, or has.
        if ledgerIsPast(message), !broker.holds(message.range) {
          failures.append("acknowledged and not stored")
        }
      }
    }
  }

  /// One step of storing, with one of the ways it can end.
  ///
  /// - Returns: Whether the consumer lives on.
  private mutating func advance(
    _ storing: inout BatchStoring, _ closed: BatchBuilder<RecordedRows>, _ number: UInt64,
    faulty: Bool
  ) -> Bool {
    let chance = faulty ? Int.random(in: 0..<10, using: &random) : 9
    switch storing.step {
    case .insertClicks:
      if chance != 0, chance != 1 { store.insertClicks(closed.rows, number: number) }
      storing.inserted(chance == 0 ? .notDone : chance <= 2 ? .unknown : .done)
    case .checkClicks:
      happened["unknown outcomes", default: 0] += 1
      storing.checkedClicks(areStored: store.hasClicks(of: number))
    case .insertCounts(let targets):
      var carriedOut = targets
      if chance == 0 { carriedOut = [] }
      if chance == 1 {
        carriedOut = targets.intersection(
          CountTargets(rawValue: .random(in: 0...15, using: &random)))
      }
      store.insertCounts(
        closed.rows.rows.map(\.event), ends: closed.ends, number: number, targets: carriedOut)
      if chance == 1, faulty, Bool.random(using: &random) { return false }
      storing.inserted(chance == 0 ? .notDone : chance <= 2 ? .unknown : .done)
    case .checkCounts: storing.checkedCounts(missing: store.missing(number))
    case .stored: break
    }
    return true
  }

  private mutating func dropIntake() {
    broker.loseConsumer()
    marks = Watermarks()
    known = storedKnown
    batch = Self.newBatch()
    happened["consumer connections lost", default: 0] += 1
  }

  private mutating func crashConsumer() {
    store.recover()
    storedKnown = RecentEvents()
    for row in store.rows where row.isRetried { storedKnown.insert(row.event) }
    dropIntake()
    happened["consumer crashes", default: 0] += 1
  }

  /// Whether the relay will never publish the message again.
  private func ledgerIsPast(_ message: ModelBroker.Message) -> Bool {
    let safe = min(
      ledger.safeEnd(of: message.range.journal), saved[message.range.journal] ?? 0)
    return message.range.to <= safe
  }

  private static func events(of message: ModelBroker.Message) -> [EventID] {
    message.body.split(separator: 0x0A).compactMap { try? Click(parsing: Array($0)).eventID }
  }
}
