import AMQP
import Clicks
import Pipeline
package import Service
package import Sessions

/// Replays dead letters: lines that could not be stored, once a program can read them.
///
/// Each letter becomes a message of a journal that never existed, named by the letter's origin. So
/// a letter that is there twice, or is replayed twice, is stored once, like any message.
package struct DeadLetters {
  /// The result for the letters that were there at the beginning.
  package struct Tally: Equatable, Sendable {
    package var replayed = 0
    /// Letters without a body, which can't be replayed; they are removed.
    package var empty = 0
  }

  private let address: BrokerAddress
  private let topology: ClickTopology

  /// - Throws: When `RABBITMQ_URL` can't be read.
  package init(_ settings: Settings) throws(SettingError) {
    address = try settings.rabbitMQ(BrokerAddress.init(url:))
    topology = ClickTopology(queue: settings.clickQueue)
  }

  /// Replays the present letters; those that are refused again follow after them.
  ///
  /// - Returns: The result for them.
  /// - Throws: When the broker can't be reached or accepts nothing; letters replayed until then
  ///   stay so.
  package func redrive() throws(StoreError) -> Tally {
    do throws(AMQPError) {
      let connection = try AMQP.Connection(address, name: "swiftlet redrive")
      try topology.declare(on: connection)
      try connection.enableConfirms()
      let there = try connection.declareQueue(topology.deadQueue)
      var tally = Tally()
      guard there > 0 else { return tally }
      // One at a time: they are few, and each is removed only when the queue has it.
      try connection.consume(queue: topology.deadQueue, prefetch: 1)
      for _ in 0..<there {
        guard let letter = try next(connection) else { break }
        if try replay(letter, on: connection) {
          try connection.acknowledge(letter.tag, multiple: false)
          tally.replayed += 1
        } else {
          try connection.reject(letter.tag, requeue: false)
          tally.empty += 1
        }
      }
      connection.close()
      return tally
    } catch {
      throw StoreError(.rabbitMQ, .unavailable, during: "redrive", error.debugDescription)
    }
  }

  private func next(_ connection: AMQP.Connection) throws(AMQPError) -> Delivery? {
    while let event = try connection.nextEvent(waiting: 5000) {
      if case .delivered(let delivery) = consume event { return delivery }
    }
    return nil
  }

  private func replay(
    _ letter: borrowing Delivery, on connection: AMQP.Connection
  ) throws(AMQPError) -> Bool {
    let body = letter.withBody { Array($0) }
    guard let range = JournalRange(journal: journal(of: letter, body), from: 0, to: body.count)
    else { return false }
    try body.withUnsafeBufferPointer { body throws(AMQPError) in
      try connection.publish(
        to: topology.exchange, routingKey: topology.queue, contentType: ClickMessage.contentType,
        headers: ClickMessage.headers(range, confirmed: 0), body: body)
    }
    while let event = try connection.nextEvent(waiting: 10_000) {
      switch consume event {
      case .confirmed: return true
      case .refused: throw AMQPError.refused("the broker refused a message")
      case .returned(let code): throw AMQPError.refused("no queue took a message: \(code)")
      case .delivered: break
      case .blocked: break
      case .unblocked: break
      }
    }
    throw AMQPError.refused("no confirm came in time")
  }

  /// The same journal for the same letter: by its place in a journal, or else by its bytes.
  private func journal(of letter: borrowing Delivery, _ body: [UInt8]) -> JournalID {
    var name = body
    if let journal = letter.text("journal"), let from = letter.integer("from") {
      name = Array("\(journal) \(from)".utf8)
    }
    // FNV-1a, and one more round to spread its bits.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    hash = (hash ^ (hash >> 32)) &* 0x94D0_49BB_1331_11EB
    return JournalID(rawValue: hash ^ (hash >> 29))
  }
}
