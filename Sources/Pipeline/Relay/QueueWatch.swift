import AMQP
import Clicks
import Metrics
import Service

/// The relay's look at the queues every few seconds: how many messages wait, and for how many
/// consumers.
///
/// It has a connection of its own that publishes nothing: a broker that asks publishers for a pause
/// reads nothing from theirs, and a look must not cost the relay its confirms. A broker that doesn't
/// answer holds the relay up for a second at most, and is then left alone for longer.
final class QueueWatch {
  private static let pauseMilliseconds: Int64 = 3000
  /// While the clicks have no consumer: an operator who starts one should soon see it.
  private static let unconsumedPauseMilliseconds: Int64 = 500
  private static let failureMilliseconds: Int64 = 30_000
  private static let timeout = 1000

  private let broker: BrokerAddress
  private let topology: ClickTopology
  private let meter: Meter
  private var connection: AMQP.Connection?
  private var lookAt: Int64 = 0
  private var unconsumedSince: Int64?

  init(_ settings: RelaySettings, meter: Meter) {
    broker = settings.broker
    topology = settings.topology
    self.meter = meter
  }

  /// Looks if it is time to.
  func lookIfDue(at now: Int64) {
    guard now >= lookAt else { return }
    lookAt = now + Self.pauseMilliseconds
    do throws(AMQPError) {
      let connection = try connect()
      for (queue, name) in [(ClickQueue.clicks, topology.queue), (.dead, topology.deadQueue)] {
        let state = try connection.state(ofQueue: name)
        meter.set(.messages(queue), state.messages)
        meter.set(.consumers(queue), state.consumers)
        guard queue == .clicks else { continue }
        note(isUnconsumed: state.messages > 0 && state.consumers == 0)
        if state.consumers == 0 { lookAt = now + Self.unconsumedPauseMilliseconds }
      }
    } catch {
      forget()
      lookAt = now + Self.failureMilliseconds
    }
  }

  private func note(isUnconsumed: Bool) {
    guard isUnconsumed != (unconsumedSince != nil) else { return }
    unconsumedSince = isUnconsumed ? SystemClock.milliseconds() : nil
    meter.set(.unconsumed, unconsumedSince)
  }

  /// Closes the connection, if there is one.
  func close() {
    connection?.close()
    forget()
  }

  /// Drops the connection: the depths are unknown from here on, and the next look is due at once.
  func forget() {
    connection = nil
    lookAt = 0
    for queue in ClickQueue.allCases {
      meter.clear(.messages(queue))
      meter.clear(.consumers(queue))
    }
    note(isUnconsumed: false)
  }

  /// Without heartbeats: nobody attends to the connection between two looks.
  private func connect() throws(AMQPError) -> AMQP.Connection {
    if let connection { return connection }
    let opened = try AMQP.Connection(
      broker, name: "swiftlet queues", heartbeat: 0, timeout: Self.timeout)
    connection = opened
    return opened
  }
}
