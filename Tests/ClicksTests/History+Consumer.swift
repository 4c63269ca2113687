import Clicks
import TestSupport

/// The consumer's part of a history.
extension History {
  mutating func deliver() {
    guard let (delivery, message) = broker.deliver() else { return }
    let journal = message.range.journal
    if !marks.knows(journal) { marks.learn(journal, stored: store.end(of: journal)) }
    switch marks.classify(message.range, confirmed: message.confirmedEnd) {
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
          $0, range: message.range, above: mark, delivery: delivery, dedup: &dedup, at: 0)
      }
    }
  }

  mutating func storeBatch(faulty: Bool) {
    guard !batch.isEmpty else { return }
    var closed = batch
    batch = Self.newBatch()
    let retried = closed.retried.map(\.click.eventID)
    closed.resolveRetried(stored: store.events)
    dead.formUnion(closed.dead.map(\.range))
    if !closed.ends.isEmpty {
      guard insert(closed, faulty: faulty) else { return }
    }
    if faulty, Int.random(in: 0..<15, using: &random) == 0 { return crashConsumer() }
    marks.settle(closed.ends)
    for event in retried { storedEvents.insert(event) }
    if faulty, Int.random(in: 0..<15, using: &random) == 0 { return dropIntake() }
    let stored = store.events
    for message in broker.acknowledge(upTo: closed.lastDelivery) {
      for event in Self.events(of: message)
      where !stored.contains(event) && !poison.contains(event) {
        // A message that came too early may be dropped: the relay publishes it again, or has.
        if ledgerIsPast(message), !broker.holds(message.range) {
          failures.append("acknowledged and not stored")
        }
      }
    }
  }

  /// Brings a batch into the store, cut where it is refused.
  ///
  /// - Returns: Whether the consumer lives on.
  private mutating func insert(_ closed: BatchBuilder<RecordedRows>, faulty: Bool) -> Bool {
    let isStored = insert(closed.rows, ends: closed.ends, faulty: faulty)
    guard isStored == false else { return isStored != nil }
    happened["batches refused", default: 0] += 1
    var rest = RefusedBatch(closed.rows)
    repeat {
      if let click = rest.refuse() {
        let line = click.deadLine(0, reason: "refused")
        deadClicks.insert(line.range)
        if let event = line.event { dedup.remove(event) }
        happened["clicks refused", default: 0] += 1
        rest.settle()
      }
      while let piece = rest.next {
        guard let isStored = insert(piece, ends: piece.ends, faulty: faulty) else { return false }
        if !isStored { break }
        happened["pieces stored", default: 0] += 1
        rest.settle()
      }
    } while rest.next != nil
    return insert(RecordedRows(), ends: closed.ends, faulty: faulty) != nil
  }

  /// Brings rows into the store as one batch.
  ///
  /// - Returns: Whether they are stored; nil when the consumer has ended meanwhile.
  private mutating func insert(
    _ rows: RecordedRows, ends: [JournalID: Int], faulty: Bool
  ) -> Bool? {
    var storing = BatchStoring(hasRows: rows.count > 0)
    let number = store.lastBatch + 1
    while storing.step != .stored {
      if faulty, Int.random(in: 0..<25, using: &random) == 0 {
        crashConsumer()
        return nil
      }
      if faulty, storing.canBeDropped, Int.random(in: 0..<25, using: &random) == 0 {
        dropIntake()
        return nil
      }
      if storing.step == .cut {
        if rows.rows.contains(where: { poison.contains($0.event) }) { return false }
        happened["refusals of everything", default: 0] += 1
        storing.keep()
      }
      guard advance(&storing, rows, ends, number, faulty: faulty) else {
        crashConsumer()
        return nil
      }
    }
    return true
  }

  /// One step of storing, with one of the ways it can end.
  ///
  /// - Returns: Whether the consumer lives on.
  private mutating func advance(
    _ storing: inout BatchStoring, _ rows: RecordedRows, _ ends: [JournalID: Int],
    _ number: UInt64, faulty: Bool
  ) -> Bool {
    let chance = faulty ? Int.random(in: 0..<10, using: &random) : 9
    switch storing.step {
    case .insertClicks:
      let isPoisoned = rows.rows.contains { poison.contains($0.event) }
      // 3: a refusal of everything; 4: one after the table was written.
      if !isPoisoned, ![0, 1, 3].contains(chance) { store.insertClicks(rows, number: number) }
      storing.inserted(
        isPoisoned || chance == 3 || chance == 4
          ? .refused : chance == 0 ? .notDone : chance <= 2 ? .unknown : .done)
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
        rows.rows.map(\.event), ends: ends, number: number, targets: carriedOut)
      if chance == 1, faulty, Bool.random(using: &random) { return false }
      storing.inserted(
        chance == 0 ? .notDone : chance == 1 ? .refused : chance == 2 ? .unknown : .done)
    case .checkCounts: storing.checkedCounts(missing: store.missing(number))
    case .cut, .stored: break
    }
    return true
  }

  mutating func dropIntake() {
    broker.loseConsumer()
    marks = Watermarks()
    dedup = storedEvents
    batch = Self.newBatch()
    happened["consumer connections lost", default: 0] += 1
  }

  mutating func crashConsumer() {
    store.recover()
    storedEvents = DedupSet()
    for row in store.rows where row.isRetried { storedEvents.insert(row.event) }
    dropIntake()
    happened["consumer crashes", default: 0] += 1
  }

  /// Whether the relay will never publish the message again.
  private func ledgerIsPast(_ message: ModelBroker.Message) -> Bool {
    let safe = min(
      ledger.safeEnd(of: message.range.journal), saved[message.range.journal] ?? 0)
    return message.range.to <= safe
  }

  func event(at place: JournalRange) -> EventID? {
    guard let line = journals[place.journal]?[place.from..<place.to] else { return nil }
    return try? Click(parsing: Array(line.dropLast())).eventID
  }

  private static func events(of message: ModelBroker.Message) -> [EventID] {
    message.body.split(separator: 0x0A).compactMap { try? Click(parsing: Array($0)).eventID }
  }
}
