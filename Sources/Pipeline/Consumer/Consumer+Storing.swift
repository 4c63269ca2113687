import AMQP
import ClickHouse
import Clicks
import Logging
import Metrics
import Service

/// How a consumer brings one batch into ClickHouse, whatever becomes of its requests.
extension Consumer {
  /// How long a stop may take to finish what is under way.
  private static let stopMilliseconds: Int64 = 5000

  func store(_ closed: BatchBuilder<ClickColumns>, _ intake: ClickIntake) throws {
    var batch = closed
    if !batch.retried.isEmpty {
      let stored = try retry("look up retried clicks", intake: intake) { [self, batch] in
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
    // A process that was stopped for long may no longer be the active consumer.
    intake.attend()
    if let failure = intake.failure { throw failure }
    if !batch.ends.isEmpty { try insert(batch, intake) }
    try intake.settle(batch.ends, lastDelivery: batch.lastDelivery)
  }

  /// Rows on their way into all of the tables, as one batch.
  private struct Insert {
    let rows: ClickColumns
    let ends: [JournalID: Int]
    let number: UInt64
    let day: UInt16
    var storing: BatchStoring
    var refusal: Refusal
  }

  /// Brings rows into all of the tables, as one batch with a number of its own.
  ///
  /// - Returns: Why the clicks are refused for good; nil when they are stored.
  func insert(
    _ rows: ClickColumns, ends: [JournalID: Int], _ intake: ClickIntake
  ) throws -> String? {
    let (number, day) = try retry("number a batch", intake: intake) {
      try sink.nextBatch(at: SystemClock.milliseconds())
    }
    var insert = Insert(
      rows: rows, ends: ends, number: number, day: day,
      storing: BatchStoring(hasRows: rows.count > 0), refusal: Refusal(rows: rows.count))
    let began = SystemClock.bootMilliseconds()
    var backoff = Backoff()
    while insert.storing.step != .stored, !insert.refusal.isProven {
      let repeats = insert.storing.repeats
      try retry("store a batch", intake: intake, canBeDropped: insert.storing.canBeDropped) {
        try advance(&insert, intake)
      }
      guard insert.storing.repeats > repeats else { continue }
      try pauseBeforeRetry(&backoff, intake, canBeDropped: insert.storing.canBeDropped)
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

  /// Takes the next step of an insert.
  private func advance(_ insert: inout Insert, _ intake: ClickIntake) throws {
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
          try sink.insertCounts(
            rows, ends: insert.ends, batch: number, targets: targets)
        })
      // Clicks that are stored can't be refused: the counts' tables or views are at fault.
      if let error = insert.refusal.final { report(error, during: "count a batch") }
    case .checkClicks:
      try sink.settle()
      let stored = try sink.storedRows(batch: number, day: insert.day)
      guard stored == 0 || stored == rows.count else {
        // A block is stored whole or not at all: somebody else writes batches, or deletes.
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

  /// A batch of which a table has some rows and not the others.
  private struct Partial: Error {
    let batch: UInt64
    let stored: Int
    let expected: Int
  }

  /// What became of an insert; the first of the errors that leave that open is logged here.
  private func outcome(
    _ refusal: inout Refusal, _ insert: () throws -> Void
  ) throws -> BatchStoring.Outcome {
    let began = SystemClock.nanoseconds()
    do {
      try insert()
      meter.observe(.insert, SystemClock.nanoseconds() - began)
      if isInsertLost { log.info("inserts are answered again") }
      isInsertLost = false
      isRefused = false
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

  /// Does something that needs ClickHouse until it succeeds.
  ///
  /// - Parameters:
  ///   - what: For the log.
  ///   - intake: Attended to between the tries.
  ///   - canBeDropped: Whether to give up when the broker is lost.
  ///   - body: Tried again after errors of ClickHouse; others end it.
  /// - Returns: What `body` returned at last.
  /// - Throws: `AMQPError` when the broker is lost, `Stopped` when the time to stop is over.
  func retry<Result>(
    _ what: String, intake: ClickIntake?, canBeDropped: Bool = true,
    _ body: () throws -> Result
  ) throws -> Result {
    var backoff = Backoff()
    var hasFailed = false
    while true {
      do {
        let result = try body()
        if isStoreLost || (hasFailed && isRefused) {
          log.info("ClickHouse answers again")
          isStoreLost = false
          isRefused = false
        }
        return result
      } catch let error where error is ClickHouseError || error is ClickFence.Busy {
        hasFailed = true
        report(error, during: what)
      }
      try pauseBeforeRetry(&backoff, intake, canBeDropped: canBeDropped)
    }
  }

  /// Pauses, unless there is no reason to try again: the broker is lost, or it is time to stop.
  private func pauseBeforeRetry(
    _ backoff: inout Backoff, _ intake: ClickIntake?, canBeDropped: Bool
  ) throws {
    if canBeDropped, let failure = intake?.failure { throw failure }
    if isTimeToStop(intake) { throw Stopped() }
    pause(backoff.next(), attending: intake)
  }

  /// Logs an error of ClickHouse when it begins, and when it turns out not to pass by itself.
  private func report(_ error: any Error, during what: String) {
    let metadata: Logger.Metadata = ["error": "\(String(reflecting: error))"]
    if (error as? ClickHouseError)?.isRefusal ?? false {
      guard !isRefused else { return }
      isRefused = true
      log.critical(
        "ClickHouse refuses to \(what); messages stay with the broker until that is mended",
        metadata: metadata)
    } else if !isStoreLost {
      isStoreLost = true
      log.error("can't \(what); messages stay with the broker", metadata: metadata)
    }
  }

  /// Whether a stop was asked for, and what is under way has had its time.
  func isTimeToStop(_ intake: ClickIntake?) -> Bool {
    guard Signals.stopRequested else { return false }
    let now = SystemClock.bootMilliseconds()
    let end = stopAt ?? now + Self.stopMilliseconds
    stopAt = end
    return intake == nil || now >= end
  }
}
