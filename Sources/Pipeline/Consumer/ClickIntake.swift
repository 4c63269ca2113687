import AMQP
import Clicks
import Metrics
import Service

/// The consumer's connection to the broker: classifies deliveries and gathers them into the open
/// batch.
///
/// It is also served during every wait for ClickHouse. So heartbeats continue, and the next batch
/// fills while one is being stored. Its queue is bounded by the prefetch.
final class ClickIntake {
  private let connection: AMQP.Connection
  private let topology: ClickTopology
  private var waiting: ArraySlice<ClickMessage> = []
  private(set) var held: HeldMessages
  /// The prefetch of the next subscription, by the messages that have come.
  private(set) var prefetch: Prefetch
  private let subscribed: UInt16
  private var published: UInt64 = 0
  private var unconfirmed: Set<UInt64> = []
  private(set) var batch: BatchBuilder<ClickColumns>
  private(set) var marks = Watermarks()
  private var dedup = DedupSet()
  /// Whether the queue had other consumers before; the first of them is the active one.
  let hasPredecessor: Bool
  private let limits: BatchBuilder<ClickColumns>.Limits
  private let meter: Meter
  /// Why the connection can't be used any more; its messages will be delivered again.
  private(set) var failure: AMQPError?
  /// Bytes of journals that the broker confirmed and never delivered.
  private(set) var lostBytes = 0
  /// Messages that the broker delivered again.
  ///
  /// `republished` counts messages that the relay published again and that were dropped.
  private var redelivered = 0
  private var republished = 0

  /// Connects and subscribes.
  ///
  /// - Parameters:
  ///   - settings: The broker and the queue.
  ///   - prefetch: The limit of unacknowledged messages.
  ///   - waitingSince: Since when messages of the previous connection have waited.
  ///   - meter: Counts repeats and dead letters.
  /// - Throws: When there is no connection to the broker.
  init(
    _ settings: ConsumerSettings, prefetch: Prefetch, waitingSince: Int64?, meter: Meter
  ) throws(AMQPError) {
    connection = try AMQP.Connection(settings.broker, name: "swiftlet consumer")
    topology = settings.topology
    limits = settings.limits
    batch = BatchBuilder(limits: limits)
    self.prefetch = prefetch
    subscribed = prefetch.count
    self.meter = meter
    try topology.declare(on: connection)
    try connection.enableConfirms()
    hasPredecessor = try connection.state(ofQueue: topology.queue).consumers > 0
    // Then the other one stores the waiting messages.
    held = HeldMessages(waitingSince: hasPredecessor ? nil : waitingSince)
    try connection.consume(queue: topology.queue, prefetch: subscribed)
  }

  /// The socket to poll together with another one; -1 once it has failed.
  var descriptor: Int32 { failure == nil ? connection.descriptor : -1 }

  /// Whether the broker has delivered anything; it delivers to the active consumer only.
  var hasDeliveries: Bool { !waiting.isEmpty || !batch.isEmpty }

  /// Sets the stored retried clicks, before the first journal is known.
  func begin(_ dedup: DedupSet) { self.dedup = dedup }

  /// The journals of the first waiting messages whose marks aren't known yet.
  var unknownJournals: [JournalID] {
    Array(Set(waiting.lazy.map(\.range.journal).filter { !self.marks.knows($0) }))
  }

  func learn(_ ends: [JournalID: Int]) {
    if marks.count > 100_000 { marks.trim() }
    for (journal, end) in ends where !marks.knows(journal) { marks.learn(journal, stored: end) }
  }

  /// Throws when the broker is lost.
  func check() throws(AMQPError) {
    if let failure { throw failure }
  }

  /// Receives deliveries, and waits for some if none has come.
  ///
  /// - Parameter milliseconds: How long to wait; 0 doesn't wait.
  func attend(waiting milliseconds: Int = 0) {
    guard failure == nil else { return }
    do throws(AMQPError) {
      var patience = milliseconds
      while let event = try connection.nextEvent(waiting: patience) {
        try take(event)
        patience = 0
      }
    } catch {
      failure = error
    }
    fill()
    signal()
  }

  /// Publishes this consumer's progress in the metrics.
  ///
  /// A consumer that has lost the broker publishes nothing: its messages are delivered to another
  /// one, or wait in the queue.
  private func signal() {
    guard failure == nil else { return clearSignals() }
    meter.set(.unacknowledgedMessages, held.count)
    meter.set(.stored, held.storedUntil(now: SystemClock.milliseconds()))
  }

  private func clearSignals() {
    meter.clear(.unacknowledgedMessages)
    meter.set(.stored, nil)
  }

  /// The messages that came again since the last call: delivered again or published again.
  func takeRepeats() -> (redelivered: Int, republished: Int) {
    defer { (redelivered, republished) = (0, 0) }
    return (redelivered, republished)
  }

  /// Returns the batch and begins another one.
  func closeBatch() -> BatchBuilder<ClickColumns> {
    var closed = BatchBuilder<ClickColumns>(limits: limits)
    swap(&closed, &batch)
    fill()
    return closed
  }

  /// Acknowledges a batch that is stored.
  func settle(_ ends: [JournalID: Int], lastDelivery: UInt64) throws(AMQPError) {
    marks.settle(ends)
    try check()
    try connection.acknowledge(lastDelivery, multiple: true)
    held.settle(upTo: lastDelivery)
    signal()
  }

  /// Publishes lines that can't be stored as dead letters, and waits for the broker's confirms.
  ///
  /// A retried click among them leaves the dedup set, so it counts when its letter is replayed.
  func deadLetter(_ lines: [DeadLine]) throws(AMQPError) {
    for line in lines {
      try check()
      // Before the letter is published: it may be replayed at once.
      if let event = line.event { dedup.remove(event) }
      published += 1
      unconfirmed.insert(published)
      try line.bytes.withUnsafeBufferPointer { body throws(AMQPError) in
        try connection.publish(
          to: topology.deadExchange, routingKey: topology.deadQueue,
          contentType: ClickMessage.contentType,
          headers: [
            "journal": .text(line.range.journal.description),
            "from": .integer(Int64(line.range.from)), "to": .integer(Int64(line.range.to)),
            "reason": .text(line.reason),
          ], body: body)
      }
      // The confirms of many lines must not fill the socket's buffers on both sides.
      if unconfirmed.count >= 64 { attend() }
    }
    let deadline = SystemClock.bootMilliseconds() + 10_000
    while !unconfirmed.isEmpty {
      attend(waiting: 200)
      try check()
      guard SystemClock.bootMilliseconds() < deadline else {
        throw AMQPError.refused("no confirm for a dead letter came in time")
      }
    }
    meter.add(.deadLetters, lines.count)
  }

  func close() {
    connection.close()
    clearSignals()
  }

  deinit { clearSignals() }

  private func take(_ event: consuming Event) throws(AMQPError) {
    switch consume event {
    case .delivered(let delivery):
      if delivery.isRedelivered {
        redelivered += 1
        meter.add(.redelivered)
      }
      if let message = ClickMessage(delivery) {
        try hold(message)
        waiting.append(message)
      } else {
        // Not a relay's message: the broker moves it to the dead letters.
        try connection.reject(delivery.tag, requeue: false)
        meter.add(.deadLetters)
      }
    case .confirmed(let tag, let multiple):
      if multiple {
        unconfirmed = unconfirmed.filter { $0 > tag }
      } else {
        unconfirmed.remove(tag)
      }
    case .refused: throw AMQPError.refused("the broker refused a dead letter")
    case .returned(let code): throw AMQPError.refused("no queue took a dead letter: \(code)")
    case .blocked: break
    case .unblocked: break
    }
  }

  /// Counts a message in; ends the subscription when messages are larger than expected.
  private func hold(_ message: ClickMessage) throws(AMQPError) {
    let bytes = message.body.count
    held.add(delivery: message.delivery, bytes: bytes, at: SystemClock.milliseconds())
    prefetch.note(messageBytes: bytes)
    guard held.bytes > Prefetch.maximumBytes, prefetch.count < subscribed else { return }
    throw AMQPError.givenUp("messages are larger than expected: fewer are taken at a time")
  }

  /// Moves waiting messages into the batch, in order, up to the first of an unknown journal.
  private func fill() {
    guard failure == nil else { return }
    let now = SystemClock.bootMilliseconds()
    while let message = waiting.first, marks.knows(message.range.journal), !batch.isFull {
      waiting.removeFirst()
      switch marks.classify(message.range, confirmed: message.confirmed) {
      case .repeat, .early:
        republished += 1
        meter.add(.republished)
        batch.note(delivery: message.delivery, at: now)
      case .take(let mark, let lost):
        lostBytes += lost
        if message.range.from < mark {
          republished += 1
          meter.add(.republished)
        }
        marks.take(message.range)
        message.body.withUnsafeBufferPointer { body in
          batch.take(
            body, range: message.range, above: mark, delivery: message.delivery, dedup: &dedup,
            at: now)
        }
      }
    }
  }
}
