import AMQP
import Service

/// Checks RabbitMQ: reachable, and its version; the relay watches the queues (`SignalsCheck`).
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
      connection.close()
      return [
        EngineRelease.rabbitMQ.finding(
          version, "connected in " + Timing.milliseconds(since: start))
      ]
    } catch {
      return [
        .failed(
          "RabbitMQ", error.debugDescription,
          do: Advice.engine(
            error.debugDescription, setting: "RABBITMQ_URL",
            meanwhile: "clicks wait in the journals until then"))
      ]
    }
  }
}
