import Clicks
import TestSupport

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

  var random: SplitMix64
  var journals: [JournalID: [UInt8]] = [:]
  var written: Set<EventID> = []
  var deadLines: Set<JournalRange> = []
  /// Clicks that the store refuses for good, and those that were dead-lettered for it.
  var poison: Set<EventID> = []
  var deadClicks: Set<JournalRange> = []
  var nextEvent: UInt64 = 1

  var ledger = RelayLedger(window: 8)
  var saved: [JournalID: Int] = [:]
  var broker = ModelBroker()
  var store = ModelStore()
  var happened: [String: Int] = [:]

  var marks = Watermarks()
  var dedup = DedupSet()
  var storedEvents = DedupSet()
  var batch = Self.newBatch()
  var dead: Set<JournalRange> = []
  var failures: [String] = []

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    for number in 1...3 as ClosedRange<UInt64> { journals[JournalID(rawValue: number)] = [] }
    restartRelay()
  }

  static func newBatch() -> BatchBuilder<RecordedRows> {
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
    if Set(stored) != written.subtracting(poison) { problems.append("clicks lost or invented") }
    let refused = deadClicks.compactMap { event(at: $0) }
    if Set(refused) != poison { problems.append("refused clicks lost, or others dead-lettered") }
    for (target, batches) in store.counts {
      let counted = batches.values.flatMap { $0 }
      if counted.count != stored.count || Set(counted) != Set(stored) {
        problems.append("count \(target) has \(counted.count) of \(stored.count)")
      }
    }
    if dead != deadLines { problems.append("bad lines lost or invented") }
    return problems
  }

  // MARK: - Writers and relay

  mutating func write() {
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
    if Int.random(in: 0..<40, using: &random) == 0 { poison.insert(click.eventID) }
    let twice = Int.random(in: 0..<8, using: &random)
    if twice != 0 { journals[journal]?.append(contentsOf: click.line) }
    if twice <= 1 {
      // The backup pool has a journal of its own, and may be the only one to have the click.
      let retried = Click.sample(nextEvent - 1, isRetried: true)
      journals[JournalID(rawValue: .random(in: 1...3, using: &random))]?
        .append(contentsOf: retried.line)
      happened["second tries", default: 0] += 1
    }
  }

  mutating func publish() {
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

  mutating func takeIn(refusing: Bool) {
    if broker.takeIn(refusing: refusing) { loseRelay() }
  }

  mutating func confirm() {
    guard let confirm = broker.confirm(using: &random) else { return }
    let before = ledger.safeEnds
    _ = ledger.confirm(confirm.tag, multiple: confirm.multiple)
    for (journal, end) in ledger.safeEnds where end < before[journal] ?? 0 {
      failures.append("the safe end moved back")
    }
  }

  mutating func loseRelay() {
    broker.loseRelay(arriving: Int.random(in: 0...4, using: &random))
    ledger.goBack()
    happened["relay connections lost", default: 0] += 1
  }

  mutating func restartRelay() {
    broker.loseRelay(arriving: Int.random(in: 0...4, using: &random))
    ledger = RelayLedger(window: 8)
    for journal in journals.keys { ledger.follow(journal, from: saved[journal] ?? 0) }
    happened["relay restarts", default: 0] += 1
  }
}
