import ClickHouse
import Service

/// Checks ClickHouse: reachable, its version, and whether the database is there.
struct ClickHouseCheck {
  private static let timeout = 3000
  /// The finding about a database that isn't there.
  static let databaseSubject = "ClickHouse database"
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
      let answer = "answered in " + Timing.milliseconds(since: start)
      let release = EngineRelease.clickHouse.finding("\(version)", answer)
      return try [release] + writes(client) + database(address.database, client)
    } catch {
      return [
        .failed(
          "ClickHouse", error.debugDescription,
          do: Advice.engine(
            error.debugDescription, setting: "CLICKHOUSE_URL",
            meanwhile: "clicks wait in RabbitMQ until then"))
      ]
    }
  }

  /// A finding if the user may only read.
  private func writes(_ client: Client) throws(ClickHouseError) -> [Finding] {
    let values = try client.select("SELECT value FROM system.settings WHERE name = 'readonly'")
    guard let value = values.first?.first, value != "0" else { return [] }
    return [
      .failed(
        "ClickHouse writes", "its user may only read: readonly = \(value.printable)",
        do: "set readonly to 0 in the user's profile; clicks wait in RabbitMQ until then")
    ]
  }

  /// A finding if the database isn't there.
  private func database(
    _ name: String, _ client: Client
  ) throws(ClickHouseError) -> [Finding] {
    let names = try client.select("SELECT name FROM system.databases ORDER BY name")
      .compactMap(\.first)
    guard !names.contains(name) else { return [] }
    let ours = try client.select(
      "SELECT DISTINCT database FROM system.tables WHERE name = 'link_totals' ORDER BY database"
    ).compactMap(\.first)
    let hint =
      ours.isEmpty ? "" : "; those with clicks: " + ours.map(\.printable).joined(separator: ", ")
    return [
      .failed(
        Self.databaseSubject, "there is none named \(name.printable)" + hint,
        do:
          "correct the name in CLICKHOUSE_URL; for a new installation run swiftlet migrate, which "
          + "makes it")
    ]
  }
}
