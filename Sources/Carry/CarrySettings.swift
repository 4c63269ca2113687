import ClickHouse
import Postgres
package import Service

/// The settings of a carry.
package struct CarrySettings: Sendable {
  let clickHouse: ServerAddress
  let postgres: ConnectionOptions
  /// Clicks a second; 0 for no limit.
  let rate: Int
  /// Whether the old tables are kept when everything is carried.
  let keepsOldTables: Bool
  /// The approximate number of clicks in one insert, if the rate allows it.
  let rangeRows: Int
  /// The limit of clicks of one insert: a server may cut a block of 1 048 576 rows and more.
  let rowLimit: Int
  /// The distance of possible cuts of a day, in clicks.
  let spacing: Int

  /// - Parameters:
  ///   - settings: The installation's settings.
  ///   - rate: Clicks a second; 0 for no limit.
  ///   - keepsOldTables: Whether they are kept when everything is carried.
  ///   - rangeRows: The approximate number of clicks in one insert.
  ///   - rowLimit: The limit of clicks in one insert.
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
