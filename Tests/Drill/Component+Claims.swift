/// The words of a claim for a component.
extension Component {
  var isEngine: Bool {
    switch self {
    case .postgres, .redis, .rabbitmq, .clickhouse: true
    case .worker, .lookup, .api, .spare, .relay, .consumer, .nginx, .invalidator, .dispatcher:
      false
    }
  }

  /// One process of it, in a claim.
  var process: String {
    switch self {
    case .worker: "a redirect worker"
    case .lookup: "a look-up worker"
    case .api: "an API worker"
    case .spare: "a retry worker"
    case .nginx: "an nginx worker"
    case .postgres: "PostgreSQL"
    case .redis: "Redis"
    case .rabbitmq: "RabbitMQ"
    case .clickhouse: "ClickHouse"
    case .relay, .consumer, .invalidator, .dispatcher: "the \(rawValue)"
    }
  }

  /// An operator's restart of all of it.
  var restart: (name: String, claim: String) {
    switch self {
    case .worker: ("restart", "all redirect workers are restarted")
    case .lookup: ("restart", "all look-up workers are restarted")
    case .api: ("restart", "all API workers are restarted")
    case .spare: ("restart", "all retry workers are restarted")
    case .nginx: ("reload", "nginx is reloaded")
    case .postgres, .redis, .rabbitmq, .clickhouse, .relay, .consumer, .invalidator, .dispatcher:
      ("restart", "\(process) is restarted")
    }
  }
}
