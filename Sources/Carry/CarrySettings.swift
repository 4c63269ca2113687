import ClickHouse
import Postgres
package import Service

/// What a carry is told from outside.
package struct CarrySettings: Sendable {
  let clickHouse: ServerAddress
  let postgres: ConnectionOptions
  /// Clicks a second; 0 for no limit.
  let rate: Int
  /// Whether the old tables stay when all of them is carried.
  let keepsOldTables: Bool
  /// About how many clicks are carried by one insert, if the rate allows for that many.
  let rangeRows: Int
  /// The limit of clicks of one insert: a server may cut a block of 1 048 576 rows and more.
  let rowLimit: Int
  /// One of how many clicks is a place where a day may be cut.
  let spacing: Int

  /// - Parameters:
  ///   - settings: Where the engines are.
  ///   - rate: Clicks a second; 0 for no limit.
  ///   - keepsOldTables: Whether they stay when all of them is carried.
  ///   - rangeRows: About how many clicks one insert carries.
  ///   - rowLimit: How many it carries at most.
  /// - Throws: When CLICKHOUSE_URL can't be read.
  package init(
    _ settings: Settings, rate: Int, keepsOldTables: Bool, rangeRows: Int, rowLimit: Int = 900_000
  ) throws(SettingError) {
    clickHouse = try settings.clickHouse(ServerAddress.init(url:))
    postgres = ConnectionOptions(
      dsn: settings.postgresDSN(of: .owner), applicationName: "swiftlet-carry",
      statementTimeoutMilliseconds: 60_000, lockTimeoutMilliseconds: 10_000)
    self.rate = rate
    self.keepsOldTables = keepsOldTables
    self.rangeRows = rangeRows
    self.rowLimit = rowLimit
    spacing = max(1, min(2048, rangeRows / 32))
  }
}
