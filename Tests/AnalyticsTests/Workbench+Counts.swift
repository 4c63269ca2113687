import ClickHouse
import EngineSupport
import Links
import Pipeline

/// Counts of clicks, put into the tables by SQL; `clicks` is a SELECT of `second`, `address` and
/// `referrer`.
extension Workbench {
  /// Counts clicks as the releases before the seam did.
  func countBefore(_ slug: Slug, _ clicks: SQL) throws {
    try client.execute(
      """
      INSERT INTO clicks_by_link
      SELECT \(slug.description), sumState(toUInt64(1)), uniqState(address),
        maxState(toDateTime(second, 'UTC')), maxState(toUInt64(0)) FROM (\(clicks))
      """)
    try client.execute(
      """
      INSERT INTO clicks_by_day
      SELECT \(slug.description), toDate(toDateTime(second, 'UTC'), 'UTC') AS day,
        sumState(toUInt64(1)), maxState(toUInt64(0)) FROM (\(clicks)) GROUP BY day
      """)
    try client.execute(
      """
      INSERT INTO clicks_by_referrer
      SELECT \(slug.description), referrer, sumState(toUInt64(1)), maxState(toUInt64(0))
      FROM (\(clicks)) WHERE referrer != '' GROUP BY referrer
      """)
  }

  /// Counts clicks of a link by its id; `host` is that of a `referrer`.
  func count(_ link: SnowflakeID, _ clicks: SQL, host: SQL) throws {
    try count(Scope(link: link, name: []), clicks, host: host)
  }

  /// Counts clicks by scope; `host` is that of a `referrer`.
  func count(_ scope: Scope, _ clicks: SQL, host: SQL) throws {
    let id: SQL = "toUInt64(\(scope.rawValue))"
    try client.execute(
      """
      INSERT INTO link_totals
      SELECT \(id), sumState(toInt64(1)), sumState(toInt64(0)), uniqState(address),
        minState(toDateTime(second, 'UTC')), maxState(toDateTime(second, 'UTC')),
        maxState(toUInt64(0)) FROM (\(clicks))
      """)
    try client.execute(
      """
      INSERT INTO link_days
      SELECT \(id), toDate(toDateTime(second, 'UTC'), 'UTC') AS day,
        sumState(toInt64(1)), maxState(toUInt64(0)) FROM (\(clicks)) GROUP BY day
      """)
    try client.execute(
      """
      INSERT INTO link_referrers
      SELECT \(id), \(host) AS host, sumState(toInt64(1)), maxState(toUInt64(0))
      FROM (\(clicks)) WHERE host != '' GROUP BY host
      """)
  }

  /// Copies the counts from before the seam to where they go by scope, as `swiftlet clicks carry` does.
  ///
  /// - Parameters:
  ///   - scope: Of a row of `short_code`.
  ///   - step: Called after each of the three tables is in its place.
  /// - Throws: What ClickHouse or `step` throws.
  func carryCounts(_ scope: SQL, _ step: () throws -> Void = {}) throws {
    let tables: [(name: String, key: SQL, columns: SQL, source: SQL)] = [
      (
        "link_totals_before", "scope SETTINGS index_granularity = 64",
        "clicks, visitors, last_clicked AS last_visit",
        "clicks_by_link WHERE short_code != ''"
      ),
      (
        "link_days_before", "(scope, day)", "day, clicks",
        "clicks_by_day WHERE short_code != ''"
      ),
      (
        "link_referrers_before", "(scope, host)",
        "\(ClickSQL.referrerHost(of: "referrer")) AS host, clicks",
        "clicks_by_referrer WHERE short_code != '' AND host != ''"
      ),
    ]
    for table in tables {
      try client.execute(
        """
        CREATE TABLE \(identifier: table.name + "_copy") ENGINE = AggregatingMergeTree
        ORDER BY \(table.key)
        AS SELECT \(scope) AS scope, \(table.columns) FROM \(table.source)
        """, timeout: 120_000)
    }
    for table in tables {
      try client.execute(
        "RENAME TABLE \(identifier: table.name + "_copy") TO \(identifier: table.name)")
      try step()
    }
  }

  /// Drops the tables from before the seam, as `swiftlet clicks carry` does.
  func dropOldTables(_ step: () throws -> Void = {}) throws {
    for table in ["clicks_by_link", "clicks_by_day", "clicks_by_referrer", "clicks_before"] {
      try client.execute("DROP TABLE \(identifier: table)")
      try step()
    }
  }
}
