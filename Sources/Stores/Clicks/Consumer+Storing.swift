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
  /// How long a request whose sender is gone may take to reach the server's list of queries.
  private static let graceMilliseconds = 2000

  /// An insert of which nobody waits for the answer is still being carried out.
  private struct Busy: Error, CustomStringConvertible {
    let description = "an insert is still running"
  }

  func store(
    _ closed: BatchBuilder<ClickColumns>, _ intake: ClickIntake, _ lock: FileLock
  ) throws {
    var batch = closed
    let retried = batch.retried.map(\.click.eventID)
    if !retried.isEmpty {
      let stored = try retry("look for second tries", intake: intake) { [self, batch] in
        try sink.storedEvents(of: batch.retried, watch: watch(intake))
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
      try intake.bury(batch.dead)
    }
    // A process that was stopped for long may no longer be the queue's active consumer.
    intake.attend()
    if let failure = intake.failure { throw failure }
    if !batch.ends.isEmpty { try insert(batch, intake, lock) }
    for event in retried { known.insert(event) }
    try intake.settle(batch.ends, lastDelivery: batch.lastDelivery)
  }

  /// Brings one batch into all of the tables.
  private func insert(
    _ batch: BatchBuilder<ClickColumns>, _ intake: ClickIntake, _ lock: FileLock
  ) throws {
    let (number, day) = sink.nextBatch(at: SystemClock.milliseconds())
    let watch = watch(intake)
    var storing = BatchStoring(hasRows: batch.rows.count > 0)
    let began = SystemClock.bootMilliseconds()
    defer { if storing.canBeDropped || storing.step == .stored { lock.isMarked = false } }
    while storing.step != .stored {
      let step = storing.step
      try retry(
        "store a batch", intake: intake, canBeDropped: storing.canBeDropped
      ) { [self] in
        switch step {
        case .insertClicks:
          lock.isMarked = true
          storing.inserted(
            try outcome {
              try sink.insertClicks(batch.rows, batch: number, day: day, watch: watch)
            })
        case .insertCounts(let targets):
          lock.isMarked = true
          storing.inserted(
            try outcome {
              try sink.insertCounts(
                batch.rows, ends: batch.ends, batch: number, targets: targets, watch: watch)
            })
        case .checkClicks:
          try waitForWriters(intake)
          let rows = try sink.storedRows(batch: number, day: day, watch: watch)
          guard rows == 0 || rows == batch.rows.count else {
            // A block is stored whole or not at all: somebody else writes batches, or deletes.
            throw Partial(batch: number, stored: rows, expected: batch.rows.count)
          }
          storing.checkedClicks(areStored: rows > 0)
        case .checkCounts:
          try waitForWriters(intake)
          storing.checkedCounts(missing: try sink.counts(lacking: number, watch: watch))
        case .stored: break
        }
      }
    }
    meter.add(.batches)
    meter.add(.rows, batch.rows.count)
    meter.observe(.batchRows, batch.rows.count)
    meter.note(.batchStored, at: SystemClock.milliseconds())
    log.debug(
      "stored a batch",
      metadata: [
        "batch": "\(number)", "rows": "\(batch.rows.count)", "deliveries": "\(batch.deliveries)",
        "milliseconds": "\(SystemClock.bootMilliseconds() - began)",
      ])
  }

  /// A batch of which a table has some rows and not the others.
  private struct Partial: Error {
    let batch: UInt64
    let stored: Int
    let expected: Int
  }

  /// What became of an insert; the first of the errors that leave that open is logged here.
  private func outcome(_ insert: () throws -> Void) throws -> BatchStoring.Outcome {
    let began = SystemClock.nanoseconds()
    do {
      try insert()
      meter.observe(.insert, SystemClock.nanoseconds() - began)
      if isInsertLost { log.info("inserts are answered again") }
      isInsertLost = false
      return .done
    } catch let error as ClickHouseError {
      meter.add(.insertErrors)
      guard error.isOutcomeUnknown else { throw error }
      if !isInsertLost {
        log.warning(
          "an insert's outcome is unknown; the tables are asked",
          metadata: ["error": "\(String(reflecting: error))"])
      }
      isInsertLost = true
      return .unknown
    }
  }

  /// Waits until a request that was cut off has been carried out or is sure not to be.
  func waitForWriters(_ intake: ClickIntake?) throws {
    let watch = intake.map(watch)
    // The server must answer first: one that stood still begins with what waited at its door.
    _ = try sink.isWriting(watch: watch)
    pause(Self.graceMilliseconds, attending: intake)
    guard try !sink.isWriting(watch: watch) else { throw Busy() }
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
    while true {
      do {
        let result = try body()
        if isStoreLost {
          isStoreLost = false
          log.info("ClickHouse answers again")
        }
        return result
      } catch let error where error is ClickHouseError || error is Busy {
        if !isStoreLost {
          isStoreLost = true
          log.error(
            "can't \(what); messages stay with the broker",
            metadata: ["error": "\(String(reflecting: error))"])
        }
      }
      if canBeDropped, let failure = intake?.failure { throw failure }
      if Signals.stopRequested {
        let now = SystemClock.bootMilliseconds()
        if stopAt == nil { stopAt = now + Self.stopMilliseconds }
        if intake == nil || now >= stopAt ?? now { throw Stopped() }
      }
      pause(backoff.next(), attending: intake)
    }
  }
}
