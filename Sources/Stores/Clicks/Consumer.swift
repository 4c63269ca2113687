import AMQP
import ClickHouse
import Clicks
package import Logging
package import Metrics
import Service

/// Carries clicks from the broker into ClickHouse: each exactly once, in batches, acknowledged when
/// they are stored.
///
/// One thread does it all. While ClickHouse works on one batch the next is gathered, and while
/// ClickHouse can't be had the messages stay with the broker.
package final class Consumer {
  /// How long a stop may take to finish what is under way.
  private static let stopMilliseconds: Int64 = 5000
  /// How long a request whose sender is gone may take to reach the server's list of queries.
  private static let graceMilliseconds = 2000

  private let settings: ConsumerSettings
  private let log: Logger
  private let meter: Meter
  private let sink: ClickSink
  /// Events of the spare pool's clicks that are stored, as far as they may still matter.
  private var known = RecentEvents()
  private var stopAt: Int64?
  private var isStoreLost = false
  /// Whether the last insert's outcome was unknown.
  private var isInsertLost = false

  /// - Throws: When libcurl can't be had.
  package init(_ settings: ConsumerSettings, log: Logger, meter: Meter) throws {
    self.settings = settings
    self.log = log
    self.meter = meter
    let client = try Client(settings.clickHouse, timeout: settings.readMilliseconds)
    sink = ClickSink(client, insertTimeout: settings.insertMilliseconds)
  }

  /// Works until it is asked to stop.
  package func run() throws {
    try settings.directory.make()
    guard let lock = try waitForLock() else { return }
    if lock.isMarked { log.warning("the last consumer died amid an insert; the tables are asked") }
    do {
      // A note left by the last holder says that it died amid an insert.
      known = try retry("read back what is stored", intake: nil) { [self] in
        if lock.isMarked { try waitForWriters(nil) }
        try sink.recover()
        var known = RecentEvents()
        for event in try sink.recentRetried(limit: 500_000) { known.insert(event) }
        return known
      }
      lock.isMarked = false
      log.info("ready")
      try consume(lock)
    } catch is Stopped {}
    log.info("stopped")
  }

  /// Thrown when the time to stop is over: what isn't stored is delivered again to the next one.
  private struct Stopped: Error {}
  /// An insert of which nobody waits for the answer is still being carried out.
  private struct Busy: Error, CustomStringConvertible {
    let description = "an insert is still running"
  }

  private func consume(_ lock: FileLock) throws {
    var backoff = Backoff()
    var wasConnected = true
    while !Signals.stopRequested {
      do {
        let intake = try ClickIntake(settings, known: known, meter: meter)
        log.info("connected to the broker")
        wasConnected = true
        meter.set(.isConnected, 1)
        backoff.reset()
        try serve(intake, lock)
        intake.close()
      } catch let error as AMQPError {
        if wasConnected || error.isTopologyMismatch {
          log.error("lost the broker", metadata: ["error": "\(String(reflecting: error))"])
        }
        wasConnected = false
        meter.set(.isConnected, 0)
        pause(backoff.next(), attending: nil)
      }
    }
  }

  /// Takes messages and stores batches until it is asked to stop, or the broker is lost.
  private func serve(_ intake: ClickIntake, _ lock: FileLock) throws {
    var lost = 0
    while true {
      let now = SystemClock.bootMilliseconds()
      let patience = intake.batch.deadline.map { min(max($0 - now, 0), 200) } ?? 200
      intake.attend(waiting: Int(patience))
      if let failure = intake.failure { throw failure }
      let journals = intake.unknownJournals
      if !journals.isEmpty {
        let ends = try retry("read the journals' marks", intake: intake) { [self] in
          try sink.storedEnds(of: journals, watch: watch(intake))
        }
        intake.learn(ends)
        intake.attend()
      }
      if intake.lostBytes > lost {
        lost = intake.lostBytes
        log.critical(
          "the broker lost messages that it had confirmed", metadata: ["bytes": "\(lost)"])
      }
      let isLast = Signals.stopRequested
      if isLast ? !intake.batch.isEmpty : intake.batch.isDue(at: SystemClock.bootMilliseconds()) {
        try store(intake.closeBatch(), intake, lock)
        report(intake.takeRepeats())
      }
      if isLast { return }
    }
  }

  /// Tells of what came twice and counts once; each is rare while nothing fails.
  private func report(_ repeats: (redelivered: Int, republished: Int)) {
    if repeats.redelivered > 0 {
      log.info("messages were delivered again", metadata: ["messages": "\(repeats.redelivered)"])
    }
    if repeats.republished > 0 {
      log.info("messages were published again", metadata: ["messages": "\(repeats.republished)"])
    }
  }

  private func store(
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
  private func waitForWriters(_ intake: ClickIntake?) throws {
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
  private func retry<Result>(
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

  private func watch(_ intake: ClickIntake) -> Client.Watch {
    Client.Watch(descriptor: { intake.descriptor }, attend: { intake.attend() })
  }

  /// Sleeps while the broker's connection is attended to.
  private func pause(_ milliseconds: Int, attending intake: ClickIntake?) {
    let end = SystemClock.bootMilliseconds() + Int64(milliseconds)
    while case let left = end - SystemClock.bootMilliseconds(), left > 0 {
      if let intake, intake.failure == nil {
        intake.attend(waiting: Int(min(left, 50)))
      } else {
        Pause.milliseconds(min(left, 50))
      }
      if intake == nil, Signals.stopRequested { return }
    }
  }

  /// Waits until no other consumer works on this host; nil when asked to stop before.
  private func waitForLock() throws -> FileLock? {
    var isWaiting = false
    while !Signals.stopRequested {
      if let lock = try FileLock.take(settings.directory.consumerLock) { return lock }
      if !isWaiting { log.info("another consumer works here; standing by") }
      isWaiting = true
      pause(200, attending: nil)
    }
    return nil
  }
}
