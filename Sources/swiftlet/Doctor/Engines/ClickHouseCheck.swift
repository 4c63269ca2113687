import ClickHouse
import Service

/// Checks ClickHouse: reachable, and its version.
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
      return [.ok("ClickHouse", "\(version), answered in " + Timing.milliseconds(since: start))]
    } catch {
      return [
        .failed(
          "ClickHouse", error.debugDescription,
          do: "start it, or correct CLICKHOUSE_URL; clicks wait in RabbitMQ until then")
      ]
    }
  }
}
