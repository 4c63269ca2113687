import AMQP
import Service
import Stores

/// RabbitMQ: reachable, its version, the queue of clicks and that of dead letters.
struct RabbitMQCheck {
  private static let timeout = 3000
  private let settings: Settings

  init(_ settings: Settings) {
    self.settings = settings
  }

  func findings() -> [Finding] {
    guard let address = BrokerAddress(url: settings.rabbitMQURL) else {
      return [
        .failed(
          "RabbitMQ", "RABBITMQ_URL can't be read",
          do: "write it as amqp://user:password@host[:port]/vhost, the vhost / as %2F")
      ]
    }
    do throws(AMQPError) {
      let start = SystemClock.bootMilliseconds()
      let connection = try Connection(
        address, name: "swiftlet-doctor", timeout: Self.timeout)
      let version = connection.serverVersion ?? "unknown version"
      let connected: Finding = .ok(
        "RabbitMQ", "\(version), connected in " + Timing.milliseconds(since: start))
      return [connected] + queues(connection)
    } catch {
      return [
        .failed(
          "RabbitMQ", error.debugDescription,
          do: "start it, or correct RABBITMQ_URL; clicks wait in the journals until then")
      ]
    }
  }

  private func queues(_ connection: Connection) -> [Finding] {
    let topology = ClickTopology()
    do throws(AMQPError) {
      let clicks = try connection.state(ofQueue: topology.queue)
      let dead = try connection.state(ofQueue: topology.deadQueue)
      connection.close()
      let detail = "\(clicks.messages) messages, \(clicks.consumers) consumers"
      let queue: Finding =
        clicks.consumers > 0
        ? .ok("queue \(topology.queue)", detail)
        : .warning(
          "queue \(topology.queue)", detail,
          do: "start the consumer; clicks are kept but not counted until then")
      let letters: Finding =
        dead.messages == 0
        ? .ok("queue \(topology.deadQueue)", "empty")
        : .warning(
          "queue \(topology.deadQueue)", "\(dead.messages) messages could not be stored",
          do: "look at them, and at the consumer's log")
      return [queue, letters]
    } catch {
      return [
        .warning(
          "queue \(topology.queue)", error.debugDescription,
          do: "start the relay or the consumer: they declare it")
      ]
    }
  }
}
