import ClickHouse
import Pipeline
import Service

/// ClickHouse: reachable, its version, and where it keeps clicks.
struct ClickHouseCheck {
  private static let timeout = 3000
  private let settings: Settings

  init(_ settings: Settings) {
    self.settings = settings
  }

  func findings() -> [Finding] {
    guard let address = ServerAddress(url: settings.clickHouseURL) else {
      return [
        .failed(
          "ClickHouse", "CLICKHOUSE_URL can't be read",
          do: "write it as http://user[:password]@host:port/database")
      ]
    }
    do throws(ClickHouseError) {
      let start = SystemClock.bootMilliseconds()
      let client = try Client(address.with(database: "system"), timeout: Self.timeout)
      let version = try client.serverVersion()
      let answer = "\(version), answered in " + Timing.milliseconds(since: start)
      let ahead = try PartitionAhead.find(client, database: address.database)
      return [.ok("ClickHouse", answer)] + (ahead.map { [warning($0)] } ?? [])
    } catch {
      return [
        .failed(
          "ClickHouse", error.debugDescription,
          do: "start it, or correct CLICKHOUSE_URL; clicks wait in RabbitMQ until then")
      ]
    }
  }

  private func warning(_ ahead: PartitionAhead) -> Finding {
    .warning(
      "clicks",
      "partitions of days to come: \(ahead.days.joined(separator: ", ")); "
        + "new clicks go into the last one until then",
      do: "stop the consumers and move \(ahead.days[0]) to \(ahead.freeDay): "
        + "supervisor/README.md, \"A clock that was ahead\"")
  }
}
