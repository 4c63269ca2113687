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
  private let settings: ConsumerSettings
  let log: Logger
  let meter: Meter
  let sink: ClickSink
  /// Events of the spare pool's clicks that are stored, as far as they may still matter.
  var known = RecentEvents()
  var stopAt: Int64?
  var isStoreLost = false
  /// Whether ClickHouse refuses what it is asked, in a way that doesn't pass by itself.
  var isRefused = false {
    didSet { if isRefused != oldValue { meter.set(.isRefused, isRefused ? 1 : 0) } }
  }
  private var prefetch: Prefetch
  /// Whether the last insert's outcome was unknown.
  var isInsertLost = false

  /// - Throws: When libcurl can't be had.
  package init(_ settings: ConsumerSettings, log: Logger, meter: Meter) throws {
    self.settings = settings
    self.log = log
    self.meter = meter
    prefetch = Prefetch(messageBytes: settings.messageBytes)
    let client = try Client(settings.clickHouse, timeout: settings.readMilliseconds)
    sink = ClickSink(client, insertTimeout: settings.insertMilliseconds)
  }

  /// Works until it is asked to stop.
  package func run() throws {
    try settings.state.make()
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
  struct Stopped: Error {}

  private func consume(_ lock: FileLock) throws {
    var backoff = Backoff()
    var wasConnected = true
    while !Signals.stopRequested {
      do {
        let intake = try ClickIntake(settings, known: known, prefetch: prefetch, meter: meter)
        defer { prefetch = intake.prefetch }
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

  func watch(_ intake: ClickIntake) -> Client.Watch {
    Client.Watch(descriptor: { intake.descriptor }, attend: { intake.attend() })
  }

  /// Sleeps while the broker's connection is attended to.
  func pause(_ milliseconds: Int, attending intake: ClickIntake?) {
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
      if let lock = try FileLock.take(settings.state.consumerLock) { return lock }
      if !isWaiting { log.info("another consumer works here; standing by") }
      isWaiting = true
      pause(200, attending: nil)
    }
    return nil
  }
}
