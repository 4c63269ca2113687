import AMQP
import ClickHouse
import Clicks
package import Logging
package import Metrics
import Service

/// Stores clicks from the broker in ClickHouse, each exactly once, in batches.
///
/// Messages are acknowledged when their batch is stored.
///
/// The broker makes one consumer of a queue, over all hosts, the active one. The others stand by
/// and write nothing. The first delivery tells a consumer that it is active. It then takes over,
/// which fences off the previous one (`ClickFence`).
///
/// It has a single thread. While ClickHouse stores one batch the next is gathered. While ClickHouse
/// can't be reached the messages stay with the broker.
package final class Consumer {
  private let settings: ConsumerSettings
  private let log: Logger
  private let meter: Meter
  private let client: Client
  private let sink: ClickSink
  private var prefetch: Prefetch
  /// Since when messages of the last connection have waited.
  private var waitingSince: Int64?

  /// - Throws: When libcurl can't be initialized.
  package init(_ settings: ConsumerSettings, log: Logger, meter: Meter) throws {
    self.settings = settings
    self.log = log
    self.meter = meter
    prefetch = Prefetch(messageBytes: settings.messageBytes)
    client = try Client(settings.clickHouse, timeout: settings.readMilliseconds)
    sink = ClickSink(client, insertTimeout: settings.insertMilliseconds)
    // A gauge that was never set is missing in `/metrics`.
    meter.set(.isRefused, 0)
  }

  /// Works until it is asked to stop.
  package func run() throws {
    log.info("ready")
    do { try consume() } catch is StoreRetry.Stopped {}
    log.info("stopped")
  }

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
        meter.set(.isConnected, 1)
        defer { if intake.failure == nil { intake.close() } }
        try serve(intake, StoreRetry(attending: intake, log: log, meter: meter), &backoff)
      } catch let error as AMQPError {
        if wasConnected || error.isTopologyMismatch {
          log.error("lost the broker", metadata: ["error": "\(String(reflecting: error))"])
        }
        wasConnected = false
        meter.set(.isConnected, 0)
        Pause.untilStop(milliseconds: backoff.next())
      } catch is ClickFence.Fenced {
        log.warning("another consumer has taken over; this one stores nothing more")
        Pause.untilStop(milliseconds: backoff.next())
      }
    }
  }

  /// Takes messages and stores batches until it is asked to stop, or the broker is lost.
  private func serve(
    _ intake: ClickIntake, _ retry: StoreRetry, _ backoff: inout Backoff
  ) throws {
    let batches = BatchStore(sink, intake, retry, log: log, meter: meter)
    var deletions = VisitDeletions(sink, log: log)
    var lost = 0
    var isActive = false
    while true {
      let now = SystemClock.bootMilliseconds()
      let patience = intake.batch.deadline.map { min(max($0 - now, 0), 200) } ?? 200
      intake.attend(waiting: Int(patience))
      try intake.check()
      if !isActive {
        if Signals.stopRequested { return }
        guard intake.hasDeliveries else { continue }
        try takeOver(intake, retry)
        isActive = true
      }
      try learnMarks(intake, retry)
      if intake.lostBytes > lost {
        lost = intake.lostBytes
        log.critical(
          "the broker lost messages that it had confirmed", metadata: ["bytes": "\(lost)"])
      }
      let isLast = Signals.stopRequested
      if isLast ? !intake.batch.isEmpty : intake.batch.isDue(at: SystemClock.bootMilliseconds()) {
        try batches.store(intake.closeBatch())
        backoff.reset()
        report(intake.takeRepeats())
      }
      if isLast { return }
      try deletions.turn(at: SystemClock.bootMilliseconds())
    }
  }

  /// Becomes the only consumer that stores.
  private func takeOver(_ intake: ClickIntake, _ retry: StoreRetry) throws {
    sink.standBy()
    let (done, events) = try retry.run("take over") { [self] in
      (try sink.takeOver(), try sink.recentRetried(limit: DedupSet.generationLimit / 2))
    }
    var dedup = DedupSet()
    for event in events { dedup.insert(event) }
    intake.begin(dedup)
    log.info("active: the broker delivers to this consumer")
    if done.hasFinished {
      log.warning("the last consumer ended amid an insert; the counts have its batch now")
    }
    if done.hasCrossedSeam {
      log.notice("clicks are stored by link from now on; swiftlet clicks carry copies the old ones")
    }
  }

  /// Reads the marks of the waiting messages' journals.
  private func learnMarks(_ intake: ClickIntake, _ retry: StoreRetry) throws {
    let journals = intake.unknownJournals
    guard !journals.isEmpty else { return }
    intake.learn(
      try retry.run("read the journals' marks") { [self] in try sink.storedEnds(of: journals) })
    intake.attend()
  }

  /// Logs repeated messages, which count once; they are rare while nothing fails.
  private func report(_ repeats: (redelivered: Int, republished: Int)) {
    if repeats.redelivered > 0 {
      log.info("messages were delivered again", metadata: ["messages": "\(repeats.redelivered)"])
    }
    if repeats.republished > 0 {
      log.info("messages were published again", metadata: ["messages": "\(repeats.republished)"])
    }
  }
}
