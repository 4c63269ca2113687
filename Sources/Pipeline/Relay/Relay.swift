import AMQP
import Clicks
import Files
import Glibc
import Journals
package import Logging
package import Metrics
import Service

/// Carries the clicks of one host from its journals to the broker.
///
/// A journal's bytes are published in order, each message is confirmed by the broker before the
/// progress moves past it, and a journal is removed when the broker has all of it and its writer is
/// gone. After any failure all that isn't confirmed is published again.
package final class Relay {
  let settings: RelaySettings
  let log: Logger
  let meter: Meter
  private let queues: QueueWatch
  var ledger: RelayLedger
  private var cursors: RelayCursors
  private let sync: JournalSync?
  let measurement: JournalMeasurement
  var quarantine: Quarantine
  var saved: [JournalID: Int] = [:]
  var files: [JournalID: JournalFile] = [:]
  /// When each journal is read next, unless there is a full message's worth before.
  var readAt: [JournalID: Int64] = [:]
  /// Journals that couldn't be read, and until when each is left alone.
  var leaveUntil: [JournalID: Int64] = [:]
  /// What this round through the directory has met that can't be read, and why the last one can't.
  var refused = Refusals()
  var unreadable = Trouble()
  var unremovable = Trouble()
  private var isKeeping = true
  /// What of the ledger's confirmed messages and bytes is counted.
  private var metered = (messages: 0, bytes: 0)
  private var scanAt: Int64 = 0
  private var keepAt: Int64 = 0
  let buffer: UnsafeMutableBufferPointer<UInt8>

  package init(_ settings: RelaySettings, log: Logger, meter: Meter) {
    self.settings = settings
    self.log = log
    self.meter = meter
    queues = QueueWatch(settings, meter: meter)
    ledger = RelayLedger(window: settings.window)
    cursors = RelayCursors(settings.state)
    measurement = JournalMeasurement(settings.directory, JournalUsage(settings.state))
    quarantine = Quarantine(settings.state, log: log, meter: meter)
    sync =
      settings.syncMilliseconds > 0
      ? JournalSync(settings.directory, after: settings.syncMilliseconds, log: log) : nil
    buffer = .allocate(capacity: settings.messageBytes)
    buffer.initialize(repeating: 0)
  }

  deinit { buffer.deallocate() }

  /// Works until it is asked to stop.
  package func run() throws {
    try settings.directory.make()
    try settings.state.make()
    guard let lock = try waitForLock() else { return }
    let takenOver = settings.state.takeOver(from: settings.directory)
    if !takenOver.isEmpty {
      log.info("taken over from an earlier release", metadata: ["files": "\(takenOver)"])
    }
    let there = Set(try settings.directory.journals())
    saved = try cursors.load().filter { there.contains($0.key) }
    sync?.note(confirmed: saved)
    try sync?.start()
    try follow(at: SystemClock.bootMilliseconds())
    var backoff = Backoff()
    var wasConnected = true
    while !Signals.stopRequested {
      do {
        let connection = try AMQP.Connection(settings.broker, name: "swiftlet relay")
        try settings.topology.declare(on: connection)
        try connection.enableConfirms()
        log.info("connected to the broker")
        wasConnected = true
        meter.set(.isConnected, 1)
        try serve(connection) { backoff.reset() }
        connection.close()
      } catch let error as AMQPError {
        if wasConnected || error.isTopologyMismatch {
          log.error(
            "lost the broker; journals are kept and published again",
            metadata: ["error": "\(String(reflecting: error))"])
        }
        wasConnected = false
        meter.set(.isConnected, 0)
        meter.add(.resentMessages, ledger.inFlightCount)
        ledger.goBack()
        meterProgress()
        queues.forget()
        pause(backoff.next())
      }
      keepProgress()
    }
    queues.close()
    withExtendedLifetime(lock) {}
  }

  /// Publishes until it is asked to stop; then waits a little for the last confirms.
  private func serve(
    _ connection: AMQP.Connection, onProgress: () -> Void
  ) throws {
    while !Signals.stopRequested {
      while let event = try connection.nextEvent(waiting: 0) {
        if try handle(event) { onProgress() }
      }
      let now = SystemClock.bootMilliseconds()
      if now >= scanAt {
        scanAt = now + Int64(settings.pollMilliseconds)
        try follow(at: now)
      }
      if now >= keepAt {
        keepAt = now + 1000
        keepProgress()
        removeFinished(at: now)
      }
      meterProgress()
      queues.lookIfDue(at: now)
      if try !publishReady(on: connection, at: now),
        let event = try connection.nextEvent(waiting: settings.pollMilliseconds)
      {
        if try handle(event) { onProgress() }
      }
    }
    let deadline = SystemClock.bootMilliseconds() + 3000
    while ledger.inFlightCount > 0, SystemClock.bootMilliseconds() < deadline {
      if let event = try connection.nextEvent(waiting: 50) { _ = try handle(event) }
    }
    removeFinished(at: SystemClock.bootMilliseconds())
    meterProgress()
  }

  /// Takes in what the broker says.
  ///
  /// - Returns: Whether a journal's progress moved.
  /// - Throws: When a message was refused or returned: then all since then are published again.
  private func handle(_ event: consuming Event) throws(AMQPError) -> Bool {
    switch consume event {
    case .confirmed(let tag, let multiple):
      guard ledger.confirm(tag, multiple: multiple) else { return false }
      sync?.note(confirmed: ledger.safeEnds)
      return true
    case .refused: throw AMQPError.refused("the broker refused a message")
    case .returned(let code): throw AMQPError.refused("no queue took a message: \(code)")
    case .blocked(let reason):
      ledger.isBlocked = true
      log.warning("the broker asks for a pause", metadata: ["reason": "\(reason)"])
    case .unblocked:
      ledger.isBlocked = false
      log.info("the broker takes messages again")
    case .delivered: break
    }
    return false
  }

  private func meterProgress() {
    let now = ledger.confirmed
    meter.add(.confirmedMessages, now.messages - metered.messages)
    meter.add(.confirmedBytes, now.bytes - metered.bytes)
    metered = now
    meter.set(.unconfirmedMessages, ledger.inFlightCount)
    meter.set(.isBlocked, ledger.isBlocked ? 1 : 0)
  }

  private func keepProgress() {
    do {
      try cursors.save(saved.merging(ledger.safeEnds) { _, new in new })
      isKeeping = true
    } catch {
      // What is published again because of that is stored once.
      if isKeeping { log.error("can't write the progress down", metadata: ["error": "\(error)"]) }
      isKeeping = false
    }
  }

  /// Waits until no other relay works in the directory; nil when asked to stop before.
  private func waitForLock() throws(FileError) -> FileLock? {
    var isWaiting = false
    while !Signals.stopRequested {
      if let lock = try FileLock.take(settings.state.relayLock) { return lock }
      if !isWaiting { log.info("another relay works here; waiting for its end") }
      isWaiting = true
      pause(200)
    }
    return nil
  }

  /// Sleeps, but no longer than until it is asked to stop.
  private func pause(_ milliseconds: Int) {
    let end = SystemClock.bootMilliseconds() + Int64(milliseconds)
    while !Signals.stopRequested, SystemClock.bootMilliseconds() < end {
      usleep(UInt32(min(50, milliseconds)) * 1000)
    }
  }
}
