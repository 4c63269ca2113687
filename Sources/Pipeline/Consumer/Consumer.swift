import AMQP
import ClickHouse
import Clicks
package import Logging
package import Metrics
import Service

/// Carries clicks from the broker into ClickHouse: each exactly once, in batches, acknowledged when
/// they are stored.
///
/// Of all consumers of a queue, on whichever hosts, the broker makes one the active one. The others
/// stand by, and write nothing. The first delivery tells a consumer that it is the active one: it
/// takes over then, which fences off the one before (`ClickFence`).
///
/// One thread does it all. While ClickHouse works on one batch the next is gathered, and while
/// ClickHouse can't be had the messages stay with the broker.
package final class Consumer {
  private let settings: ConsumerSettings
  let log: Logger
  let meter: Meter
  private let client: Client
  let sink: ClickSink
  var stopAt: Int64?
  var isStoreLost = false
  /// Whether ClickHouse refuses what it is asked, in a way that doesn't pass by itself.
  var isRefused = false {
    didSet { if isRefused != oldValue { meter.set(.isRefused, isRefused ? 1 : 0) } }
  }
  private var prefetch: Prefetch
  /// Since when messages wait that the last connection has left.
  private var waitingSince: Int64?
  /// Whether the last insert's outcome was unknown.
  var isInsertLost = false

  /// - Throws: When libcurl can't be had.
  package init(_ settings: ConsumerSettings, log: Logger, meter: Meter) throws {
    self.settings = settings
    self.log = log
    self.meter = meter
    prefetch = Prefetch(messageBytes: settings.messageBytes)
    client = try Client(settings.clickHouse, timeout: settings.readMilliseconds)
    sink = ClickSink(client, insertTimeout: settings.insertMilliseconds)
    // A gauge that was never set is not in `/metrics`.
    meter.set(.isRefused, 0)
  }

  /// Works until it is asked to stop.
  package func run() throws {
    log.info("ready")
    do { try consume() } catch is Stopped {}
    log.info("stopped")
  }

  /// Thrown when the time to stop is over: what isn't stored is delivered again to the next one.
  struct Stopped: Error {}

  private func consume() throws {
    var backoff = Backoff()
    var wasConnected = true
    while !Signals.stopRequested {
      do {
        let intake = try ClickIntake(
          settings, prefetch: prefetch, waitingSince: waitingSince, meter: meter)
        defer { (prefetch, waitingSince) = (intake.prefetch, intake.held.waitingSince) }
        client.watch = Client.Watch(
          descriptor: { intake.descriptor }, attend: { intake.attend() })
        defer { client.watch = nil }
        log.info(
          intake.hasPredecessor
            ? "connected to the broker; standing by: another consumer is active"
            : "connected to the broker")
        wasConnected = true
        // Another one may be active now: then this one asks ClickHouse nothing.
        (isStoreLost, isRefused) = (false, false)
        meter.set(.isConnected, 1)
        defer { if intake.failure == nil { intake.close() } }
        try serve(intake, &backoff)
      } catch let error as AMQPError {
        if wasConnected || error.isTopologyMismatch {
          log.error("lost the broker", metadata: ["error": "\(String(reflecting: error))"])
        }
        wasConnected = false
        meter.set(.isConnected, 0)
        pause(backoff.next(), attending: nil)
      } catch is ClickFence.Fenced {
        log.warning("another consumer has taken over; this one stores nothing more")
        pause(backoff.next(), attending: nil)
      }
    }
  }

  /// Becomes the one consumer that stores.
  private func takeOver(_ intake: ClickIntake) throws {
    sink.standBy()
    let (isFinished, isAhead, events) = try retry("take over", intake: intake) { [self] in
      (
        try sink.takeOver(), try sink.isAhead(),
        try sink.recentRetried(limit: DedupSet.generationLimit / 2)
      )
    }
    var dedup = DedupSet()
    for event in events { dedup.insert(event) }
    intake.begin(dedup)
    log.info("active: the broker delivers to this consumer")
    if isFinished {
      log.warning("the last consumer ended amid an insert; the counts have its batch now")
    }
    if isAhead {
      log.warning("clicks go into the partition of a day to come; swiftlet doctor says what to do")
    }
  }

  /// Takes messages and stores batches until it is asked to stop, or the broker is lost.
  private func serve(_ intake: ClickIntake, _ backoff: inout Backoff) throws {
    var lost = 0
    var isActive = false
    while true {
      let now = SystemClock.bootMilliseconds()
      let patience = intake.batch.deadline.map { min(max($0 - now, 0), 200) } ?? 200
      intake.attend(waiting: Int(patience))
      if let failure = intake.failure { throw failure }
      if !isActive {
        if Signals.stopRequested { return }
        guard intake.hasDeliveries else { continue }
        try takeOver(intake)
        isActive = true
      }
      let journals = intake.unknownJournals
      if !journals.isEmpty {
        let ends = try retry("read the journals' marks", intake: intake) { [self] in
          try sink.storedEnds(of: journals)
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
        try store(intake.closeBatch(), intake)
        backoff.reset()
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
}
