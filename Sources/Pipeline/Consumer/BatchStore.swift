import AMQP
import ClickHouse
import Clicks
import Logging
import Metrics
import Service

/// Stores batches in ClickHouse, each exactly once, for the lifetime of one connection to the
/// broker.
///
/// A refusal of clicks is permanent only if the server takes a valid click meanwhile
/// (`ClickSink.probe`). Then the batch is cut until the refused clicks are isolated, and they are
/// dead-lettered. Otherwise the server refuses everything: a table, a column or a right is missing.
/// Then nothing is cut, and the messages stay with the broker until an operator has mended that.
final class BatchStore {
  private let sink: ClickSink
  private let intake: ClickIntake
  private let retry: StoreRetry
  private let log: Logger
  private let meter: Meter
  /// Whether the last insert's outcome was unknown.
  private var isInsertLost = false

  init(_ sink: ClickSink, _ intake: ClickIntake, _ retry: StoreRetry, log: Logger, meter: Meter) {
    self.sink = sink
    self.intake = intake
    self.retry = retry
    self.log = log
    self.meter = meter
  }

  /// Stores a batch and acknowledges its messages.
  func store(_ closed: BatchBuilder<ClickColumns>) throws {
    var batch = closed
    if !batch.retried.isEmpty {
      let stored = try retry.run("look up retried clicks") { [self, batch] in
        try sink.storedEvents(of: batch.retried)
      }
      batch.resolveRetried(stored: stored)
    }
    if batch.twiceRecorded > 0 {
      log.info(
        "clicks were recorded by both pools and count once",
        metadata: ["clicks": "\(batch.twiceRecorded)"])
    }
    if !batch.dead.isEmpty {
      log.error(
        "lines that are no clicks go to the dead letters",
        metadata: ["lines": "\(batch.dead.count)", "first": "\(batch.dead[0].reason)"])
      try intake.deadLetter(batch.dead)
    }
    // A process that was stopped for long may have lost its role as the active consumer.
    intake.attend()
    try intake.check()
    if !batch.ends.isEmpty { try insert(batch) }
    try intake.settle(batch.ends, lastDelivery: batch.lastDelivery)
  }

  /// Stores one batch in all tables, except clicks that the server refuses permanently.
  private func insert(_ batch: BatchBuilder<ClickColumns>) throws {
    guard var reason = try insert(batch.rows, ends: batch.ends) else { return }
    var rest = RefusedBatch(batch.rows)
    var dead = 0
    defer { if dead > 0 { report(dead, last: reason) } }
    repeat {
      if let click = rest.refuse() {
        try intake.deadLetter([click.deadLine(0, reason: reason)])
        dead += 1
        rest.settle()
      }
      while let piece = rest.next {
        try retry.check()
        guard let refusal = try insert(piece, ends: piece.ends) else {
          rest.settle()
          continue
        }
        reason = refusal
        break
      }
    } while rest.next != nil
    _ = try insert(ClickColumns(), ends: batch.ends)
  }

  private func report(_ dead: Int, last reason: String) {
    log.error(
      "clicks that ClickHouse refuses go to the dead letters",
      metadata: ["clicks": "\(dead)", "last": "\(reason)"])
  }

  /// The state of one insert into all tables, as one batch.
  private struct Insert {
    let rows: ClickColumns
    let ends: [JournalID: Int]
    let number: UInt64
    let day: UInt16
    var storing: BatchStoring
    var refusal: Refusal
  }

  /// Stores rows in all tables, as one batch with a number of its own.
  ///
  /// - Returns: The reason of a permanent refusal; nil when the clicks are stored.
  private func insert(_ rows: ClickColumns, ends: [JournalID: Int]) throws -> String? {
    let (number, day) = try retry.run("number a batch") {
      try sink.nextBatch(at: SystemClock.milliseconds())
    }
    var insert = Insert(
      rows: rows, ends: ends, number: number, day: day,
      storing: BatchStoring(hasRows: rows.count > 0), refusal: Refusal(rows: rows.count))
    let began = SystemClock.bootMilliseconds()
    var backoff = Backoff()
    while insert.storing.step != .stored, !insert.refusal.isProven {
      let repeats = insert.storing.repeats
      try retry.run("store a batch", canBeDropped: insert.storing.canBeDropped) {
        try advance(&insert)
      }
      guard insert.storing.repeats > repeats else { continue }
      try retry.pause(&backoff, canBeDropped: insert.storing.canBeDropped)
    }
    guard insert.storing.step == .stored else { return insert.refusal.reason }
    meter.add(.batches)
    meter.add(.rows, rows.count)
    meter.observe(.batchRows, rows.count)
    meter.note(.batchStored, at: SystemClock.milliseconds())
    log.debug(
      "stored a batch",
      metadata: [
        "batch": "\(number)", "rows": "\(rows.count)",
        "milliseconds": "\(SystemClock.bootMilliseconds() - began)",
      ])
    return nil
  }

  /// Performs the next step of an insert.
  private func advance(_ insert: inout Insert) throws {
    let (rows, number) = (insert.rows, insert.number)
    switch insert.storing.step {
    case .insertClicks:
      insert.storing.inserted(
        try outcome(&insert.refusal) {
          try sink.insertClicks(rows, batch: number, day: insert.day)
        })
    case .insertCounts(let targets):
      insert.storing.inserted(
        try outcome(&insert.refusal) {
          try sink.insertCounts(rows, ends: insert.ends, batch: number, targets: targets)
        })
      // Stored clicks can't be refused: the counts' tables or views are at fault.
      if let error = insert.refusal.final { retry.report(error, during: "count a batch") }
    case .checkClicks:
      try sink.settle()
      let stored = try sink.storedRows(batch: number)
      guard stored == 0 || stored == rows.count else {
        // A block is stored as a whole or not at all, so another process writes batches, or
        // deletes.
        throw Partial(batch: number, stored: stored, expected: rows.count)
      }
      insert.storing.checkedClicks(areStored: stored > 0)
    case .checkCounts:
      try sink.settle()
      insert.storing.checkedCounts(missing: try sink.counts(lacking: number))
    case .cut:
      let areClicksAtFault = try insert.refusal.prove { try sink.probe() }
      if !areClicksAtFault { insert.storing.keep() }
    case .stored: break
    }
  }

  /// Thrown when a table has only a part of a batch's rows.
  private struct Partial: Error {
    let batch: UInt64
    let stored: Int
    let expected: Int
  }

  /// The outcome of an insert; the first of the errors with an unknown outcome is logged here.
  private func outcome(
    _ refusal: inout Refusal, _ insert: () throws -> Void
  ) throws -> BatchStoring.Outcome {
    let began = SystemClock.nanoseconds()
    do {
      try insert()
      meter.observe(.insert, SystemClock.nanoseconds() - began)
      if isInsertLost { log.info("inserts are answered again") }
      isInsertLost = false
      retry.noteInsert()
      refusal.clear()
      return .done
    } catch let error as ClickHouseError {
      meter.add(.insertErrors)
      guard error.isOutcomeUnknown else { throw error }
      let isRefused = refusal.note(error)
      if error.isRefusal { return .refused }
      if !isInsertLost {
        log.warning(
          "an insert's outcome is unknown; the tables are asked",
          metadata: ["error": "\(String(reflecting: error))"])
      }
      isInsertLost = true
      return isRefused ? .refused : .unknown
    }
  }
}
