import AMQP
import Clicks
import Files
import Journals
package import Logging
package import Metrics
import Service

/// Publishes the clicks of one host from its journals to the broker.
///
/// A journal's bytes are published in order. The progress moves past a message once the broker has
/// confirmed it. A journal is removed when the broker has all of it and its writer is gone. After
/// any failure everything unconfirmed is published again.
package final class Relay {
  private let settings: RelaySettings
  private let log: Logger
  private let meter: Meter
  private let queues: QueueWatch
  private let publisher: JournalPublisher
  private var cursors: RelayCursors
  private let sync: JournalSync?
  private var isConnected = true
  private var canKeepProgress = true
  /// The part of the confirmed messages and bytes that is counted already.
  private var metered = (messages: 0, bytes: 0)
  private var followAt: Int64 = 0
  private var keepAt: Int64 = 0

  package init(_ settings: RelaySettings, log: Logger, meter: Meter) {
    self.settings = settings
    self.log = log
    self.meter = meter
    queues = QueueWatch(settings, meter: meter)
    publisher = JournalPublisher(settings, log: log, meter: meter)
    cursors = RelayCursors(settings.state)
    sync =
      settings.syncMilliseconds > 0
      ? JournalSync(settings.directory, after: settings.syncMilliseconds, log: log) : nil
  }

  /// Works until it is asked to stop.
  package func run() throws {
    try settings.directory.make()
    try settings.state.make()
    let remark: Logger.Message = "another relay works here; waiting for its end"
    guard
      let lock = try FileLock.wait(for: settings.state.relayLock, log: log, saying: remark)
    else { return }
    try resume()
    var backoff = Backoff()
    while !Signals.stopRequested {
      do {
        let connection = try connect()
        try serve(connection) { backoff.reset() }
        connection.close()
      } catch let error as AMQPError {
        disconnected(by: error)
        Pause.untilStop(milliseconds: backoff.next())
      }
      keepProgress()
    }
    queues.close()
    withExtendedLifetime(lock) {}
  }

  /// Continues where the previous relay stopped.
  private func resume() throws {
    let takenOver = settings.state.takeOver(from: settings.directory)
    if !takenOver.isEmpty {
      log.info("taken over from an earlier release", metadata: ["files": "\(takenOver)"])
    }
    let there = Set(try settings.directory.journals())
    let confirmed = try cursors.load().filter { there.contains($0.key) }
    publisher.resume(from: confirmed)
    sync?.note(confirmed: confirmed)
    try sync?.start()
    try publisher.follow(at: SystemClock.bootMilliseconds())
  }

  private func connect() throws -> AMQP.Connection {
    let connection = try AMQP.Connection(settings.broker, name: "swiftlet relay")
    try settings.topology.declare(on: connection)
    try connection.enableConfirms()
    log.info("connected to the broker")
    isConnected = true
    meter.set(.isConnected, 1)
    return connection
  }

  private func disconnected(by error: AMQPError) {
    if isConnected || error.isTopologyMismatch {
      log.error(
        "lost the broker; journals are kept and published again",
        metadata: ["error": "\(String(reflecting: error))"])
    }
    isConnected = false
    meter.set(.isConnected, 0)
    meter.add(.resentMessages, publisher.unconfirmedCount)
    publisher.startOver()
    meterProgress()
    queues.forget()
  }

  /// Publishes until it is asked to stop, and then what programs that stopped before have left.
  ///
  /// At the end it waits for the last confirms while some come, and no longer than a service manager does.
  private func serve(_ connection: AMQP.Connection, onProgress: () -> Void) throws {
    while !Signals.stopRequested {
      while let event = try connection.nextEvent(waiting: 0) {
        if try handle(event) { onProgress() }
      }
      let now = SystemClock.bootMilliseconds()
      if now >= followAt {
        followAt = now + Int64(settings.pollMilliseconds)
        try publisher.follow(at: now)
      }
      if now >= keepAt {
        keepAt = now + 1000
        keepProgress()
        publisher.removeFinished(at: now)
      }
      meterProgress()
      queues.lookIfDue(at: now)
      if try !publisher.publishReady(on: connection, at: now),
        // A request to stop doesn't end this wait.
        let event = try connection.nextEvent(waiting: min(settings.pollMilliseconds, 1000))
      {
        if try handle(event) { onProgress() }
      }
    }
    let now = SystemClock.bootMilliseconds()
    try publisher.follow(at: now)
    // By then all of it is due.
    let due = now + Int64(settings.pollMilliseconds)
    var deadline = now + 3000
    while try publisher.publishReady(on: connection, at: due) || publisher.unconfirmedCount > 0,
      SystemClock.bootMilliseconds() < min(deadline, now + 6000)
    {
      if let event = try connection.nextEvent(waiting: 50), try handle(event) {
        deadline = SystemClock.bootMilliseconds() + 3000
      }
    }
    publisher.removeFinished(at: SystemClock.bootMilliseconds())
    meterProgress()
  }

  /// Handles an event of the broker.
  ///
  /// - Returns: Whether a journal's progress moved.
  /// - Throws: When a message was refused or returned: then it and all later ones are published
  ///   again.
  private func handle(_ event: consuming Event) throws(AMQPError) -> Bool {
    switch consume event {
    case .confirmed(let tag, let multiple):
      guard publisher.confirm(tag, multiple: multiple) else { return false }
      sync?.note(confirmed: publisher.confirmedEnds)
      return true
    case .refused: throw AMQPError.refused("the broker refused a message")
    case .returned(let code): throw AMQPError.refused("no queue took a message: \(code)")
    case .blocked(let reason):
      publisher.isBlocked = true
      log.warning("the broker asks for a pause", metadata: ["reason": "\(reason)"])
    case .unblocked:
      publisher.isBlocked = false
      log.info("the broker takes messages again")
    case .delivered: break
    }
    return false
  }

  private func meterProgress() {
    let now = publisher.confirmed
    meter.add(.confirmedMessages, now.messages - metered.messages)
    meter.add(.confirmedBytes, now.bytes - metered.bytes)
    metered = now
    meter.set(.unconfirmedMessages, publisher.unconfirmedCount)
    meter.set(.isBlocked, publisher.isBlocked ? 1 : 0)
  }

  private func keepProgress() {
    do {
      try cursors.save(publisher.progress)
      canKeepProgress = true
    } catch {
      // Clicks that are published again because of that are stored once.
      if canKeepProgress {
        log.error("can't write the progress down", metadata: ["error": "\(error)"])
      }
      canKeepProgress = false
    }
  }
}
