import ClickHouse
package import Links
package import Service
package import Sessions
package import Visits

/// The counts of clicks, read from ClickHouse.
package final class StatsStore {
  private let client: Client

  /// Connects with the first question.
  ///
  /// - Throws: When `CLICKHOUSE_URL` can't be read.
  package init(_ settings: Settings) throws {
    client = try Client(
      settings.clickHouse(ServerAddress.init(url:)),
      timeout: settings.clickHouseReadTimeoutMilliseconds)
  }

  /// What is counted of a link; all zeros for one without clicks, and for a code that is no link.
  package func stats(for slug: Slug) throws(StoreError) -> LinkStats {
    let totals = try ask(StatsQueries.totals(slug)).first ?? []
    guard totals.count == 3, let clicks = Int(totals[0]), let visitors = Int(totals[1]),
      let last = Int64(totals[2]), clicks > 0
    else { return LinkStats(slug: slug) }
    let days = try ask(StatsQueries.days(slug)).compactMap { row in
      row.count == 2 ? Int(row[1]).map { LinkStats.Day(date: row[0], clicks: $0) } : nil
    }
    let hosts = try ask(StatsQueries.topReferrers(slug), StatsQueries.groupSettings)
    let referrers = hosts.compactMap { row in
      row.count == 2 ? Int(row[1]).map { LinkStats.Referrer(referrer: row[0], clicks: $0) } : nil
    }
    return LinkStats(
      slug: slug, totalClicks: clicks, uniqueVisitors: visitors, lastClicked: last,
      days: days, topReferrers: referrers)
  }

  /// Asks whether ClickHouse answers and has the tables.
  package func ping() throws(StoreError) {
    _ = try ask("SELECT short_code FROM clicks_by_link WHERE short_code = '' LIMIT 1")
  }

  private func ask(_ sql: SQL, _ settings: [String: String] = [:]) throws(StoreError) -> Rows {
    do throws(ClickHouseError) {
      return try client.select(sql, settings: settings)
    } catch {
      throw StoreError(
        .clickHouse, StoreError.Kind(isTimeout: error.isTimeout, isRetriable: error.isRetriable),
        during: "read the statistics", String(reflecting: error), retryAfter: 5)
    }
  }
}
