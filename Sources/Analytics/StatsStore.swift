import ClickHouse
package import Links
package import Service
package import Sessions
package import Visits

/// The counts of clicks, read from ClickHouse.
package final class StatsStore {
  private let client: Client
  /// Whether the counts from before the seam go by scope; this never changes back.
  private var areCarried = false

  /// A store that connects with the first query.
  ///
  /// - Throws: When `CLICKHOUSE_URL` can't be read.
  package init(_ settings: Settings) throws {
    client = try Client(
      settings.clickHouse(ServerAddress.init(url:)),
      timeout: settings.clickHouseReadTimeoutMilliseconds)
  }

  /// Reads the counts of a link.
  ///
  /// - Parameters:
  ///   - slug: The link's name.
  ///   - link: Its id; nil for clicks that are counted for the name itself.
  ///   - isNameReused: Whether another link had the name before.
  /// - Returns: All zeros for a link without clicks, and for an unused name.
  /// - Throws: When ClickHouse can't be asked.
  package func stats(
    for slug: Slug, link: SnowflakeID? = nil, isNameReused: Bool = false
  ) throws(StoreError) -> LinkStats {
    do throws(ClickHouseError) {
      return try counted(of: slug, link, isNameReused)
    } catch {
      guard error.isOfMissingTable else { throw Self.failure(error) }
      // The tables by short code were dropped between two queries.
      areCarried = false
    }
    return try reading { () throws(ClickHouseError) in
      try counted(of: slug, link, isNameReused)
    }
  }

  /// Checks whether ClickHouse answers and has the tables.
  package func ping() throws(StoreError) {
    try reading { () throws(ClickHouseError) in
      _ = try client.select("SELECT scope FROM link_totals WHERE scope = 0 LIMIT 1")
    }
  }

  private func counted(
    of slug: Slug, _ link: SnowflakeID?, _ isNameReused: Bool
  ) throws(ClickHouseError) -> LinkStats {
    let queries = StatsQueries(
      slug, link: link, isNameReused: isNameReused, before: try oldCounts())
    let totals = try client.select(queries.totals).first ?? []
    // Sums over no rows are a row of zeros.
    guard totals.count == 4, let clicks = Int(totals[0]), let visitors = Int(totals[1]),
      let last = Int64(totals[2]), let bots = Int(totals[3]), clicks > 0
    else { return LinkStats(slug: slug) }
    let days = try client.select(queries.days).compactMap { row in
      row.count == 2 ? Int(row[1]).map { LinkStats.Day(date: row[0], clicks: $0) } : nil
    }
    let hosts = try client.select(queries.topReferrers, settings: StatsQueries.groupSettings)
    let referrers = hosts.compactMap { row in
      row.count == 2 ? Int(row[1]).map { LinkStats.Referrer(referrer: row[0], clicks: $0) } : nil
    }
    let referred = try client.select(queries.referredClicks).first?.first.flatMap { Int($0) } ?? 0
    // The counts follow one after the other, so this one may have clicks that the first one lacks.
    return LinkStats(
      slug: slug, totalClicks: clicks, humanClicks: max(clicks - bots, 0),
      directClicks: max(clicks - referred, 0), uniqueVisitors: visitors, lastClicked: last,
      days: days, topReferrers: referrers)
  }

  /// Finds out where the counts from before the seam are.
  ///
  /// By EXISTS: a SELECT of `system.tables` fails on 18.16 when any table of the database is renamed or
  /// dropped meanwhile.
  private func oldCounts() throws(ClickHouseError) -> OldCounts {
    if !areCarried {
      for table in OldCounts.tables {
        let exists = try client.select("EXISTS TABLE \(identifier: table)")
        guard exists.first == ["1"] else { return .byCode }
      }
      areCarried = true
    }
    return .byScope
  }

  private func reading<Result>(
    _ read: () throws(ClickHouseError) -> Result
  ) throws(StoreError) -> Result {
    do throws(ClickHouseError) {
      return try read()
    } catch {
      throw Self.failure(error)
    }
  }

  private static func failure(_ error: ClickHouseError) -> StoreError {
    StoreError(
      .clickHouse, StoreError.Kind(isTimeout: error.isTimeout, isRetriable: error.isRetriable),
      during: "read the statistics", String(reflecting: error), retryAfter: 5)
  }
}
