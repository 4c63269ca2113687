import AMQP
import Clicks
import Metrics
import Service

/// Measures the queues every few seconds: how many messages and consumers each has.
///
/// It has a separate connection that publishes nothing. A broker that pauses its publishers reads
/// nothing from their connections, and a measurement must not cost the relay its confirms. A broker
/// that doesn't answer delays the relay by a second at most, and then isn't asked for longer.
final class QueueWatch {
  private static let pauseMilliseconds: Int64 = 3000
  /// The pause while the clicks have no consumer: an operator who starts one should see it soon.
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

  /// Measures the queues if it is time to.
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

  /// Drops the connection: the depths become unknown, and the next measurement is due at once.
  func forget() {
    connection = nil
    lookAt = 0
    for queue in ClickQueue.allCases {
      meter.clear(.messages(queue))
      meter.clear(.consumers(queue))
    }
    note(isUnconsumed: false)
  }

  /// Connects without heartbeats: the connection is not served between two measurements.
  private func connect() throws(AMQPError) -> AMQP.Connection {
    if let connection { return connection }
    let opened = try AMQP.Connection(
      broker, name: "swiftlet queues", heartbeat: 0, timeout: Self.timeout)
    connection = opened
    return opened
  }
}
