import API
import ClickHouse
package import Service
import Sessions

/// Lists of visits, read from ClickHouse.
package final class VisitStore {
  /// Lists that are no longer than this are read without a look at their times.
  private static let smallCount = 20_000
  /// A statement may name `VisitSet.linkLimit` links twice, which is more than a server reads by default.
  private static let settings = ["max_query_size": "\(1 << 20)"]

  /// A part of a list.
  struct Part: Equatable {
    let rows: [VisitRow]
    /// How many rows the list has.
    let total: Int
    /// Whether it goes on.
    let hasMore: Bool
  }

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

  /// One page of a list.
  func part(of set: VisitSet, _ filter: VisitFilter) throws(StoreError) -> Part {
    guard !set.isEmpty else { return Part(rows: [], total: 0, hasMore: false) }
    return try reading { () throws(ClickHouseError) in
      let queries = try queries(set, filter)
      let total = try total(queries, excludesBots: filter.excludesBots)
      let limit = filter.page.size
      let places = try places(queries, filter, total: total, atMost: limit + 1)
      guard let first = places.first, let last = places.prefix(limit).last else {
        return Part(rows: [], total: total, hasMore: false)
      }
      let rows = try ask(queries.rows(from: first, to: last, atMost: limit))
      return Part(
        rows: rows.compactMap(VisitRow.init), total: total, hasMore: places.count > limit)
    }
  }

  /// How many visits of a set there are.
  func totals(of set: VisitSet) throws(StoreError) -> VisitTotals.Count {
    guard !set.isEmpty else { return VisitTotals.Count() }
    return try reading { () throws(ClickHouseError) in
      let queries = try queries(set, VisitFilter())
      let totals = queries.totals(hasCarried: try hasCarried()) ?? queries.weights
      return try count(totals)
    }
  }

  /// Asks for the deletion of the visits of some scopes, which the consumer carries out.
  func askForDeletion(of scopes: [UInt64]) throws(StoreError) {
    try reading { () throws(ClickHouseError) in
      let last = try client.select("SELECT maxMerge(last_batch) FROM link_totals WHERE scope = 0")
      let batch = last.first?.first.flatMap { UInt64($0) } ?? 0
      let now = SystemClock.milliseconds() / 1000
      let rows = scopes.map { scope -> SQL in
        "(\(UInt64.random(in: .min ... .max)), \(scope), 'asked', \(batch), \(now))"
      }
      try client.execute("INSERT INTO visit_deletions VALUES \(SQL(list: rows))")
    }
  }

  // MARK: - ClickHouse

  private func queries(
    _ set: VisitSet, _ filter: VisitFilter
  ) throws(ClickHouseError) -> VisitQueries {
    let scopes = set.scopes
    guard !scopes.isEmpty else { return VisitQueries(set, filter, deletedUpTo: 0) }
    let row = try client.select(VisitQueries.deletion(of: scopes)).first
    return VisitQueries(set, filter, deletedUpTo: row?.first.flatMap { UInt64($0) } ?? 0)
  }

  private func ask(_ question: SQL) throws(ClickHouseError) -> Rows {
    try client.select(question, settings: Self.settings)
  }

  private func total(
    _ queries: VisitQueries, excludesBots: Bool
  ) throws(ClickHouseError) -> Int {
    if let totals = queries.totals(hasCarried: try hasCarried()) {
      let count = try count(totals)
      return max(0, count.total - (excludesBots ? count.bots : 0))
    }
    return try ask(queries.count).first?.first.flatMap { Int($0) } ?? 0
  }

  private func count(_ totals: SQL) throws(ClickHouseError) -> VisitTotals.Count {
    let row = try ask(totals).first ?? []
    guard row.count == 2, let total = Int(row[0]), let bots = Int(row[1]) else {
      return VisitTotals.Count()
    }
    return VisitTotals.Count(total: total, bots: bots)
  }

  /// The places of a page's rows, and one more where the list goes on.
  private func places(
    _ queries: VisitQueries, _ filter: VisitFilter, total: Int, atMost limit: Int
  ) throws(ClickHouseError) -> [VisitPlace] {
    let after = filter.page.cursor.flatMap(VisitPlace.init)
    let offset = filter.page.offset
    if offset == 0, total > Self.smallCount {
      let moment = after?.seconds ?? filter.end ?? SystemClock.milliseconds() / 1000
      for window in VisitWindow.lookingBack(from: moment) {
        let found = try places(queries, in: window, after: after, skipping: 0, limit)
        if found.count == limit || window.start == nil { return found }
      }
    }
    guard offset > 0 else {
      return try places(queries, in: .everything, after: after, skipping: 0, limit)
    }
    let hours = VisitHours(
      hours: try ask(queries.hours).compactMap { row in
        guard row.count == 2, let start = Int64(row[0]), let count = Int(row[1]) else { return nil }
        return VisitHours.Hour(start: start, count: count)
      })
    guard let (window, skipped) = hours.window(at: offset, atMost: limit) else { return [] }
    return try places(queries, in: window, after: nil, skipping: skipped, limit)
  }

  private func places(
    _ queries: VisitQueries, in window: VisitWindow, after place: VisitPlace?,
    skipping skipped: Int, _ limit: Int
  ) throws(ClickHouseError) -> [VisitPlace] {
    let question = queries.places(in: window, after: place, skipping: skipped, atMost: limit)
    return try ask(question).compactMap { row in
      guard row.count == 2, let seconds = Int64(row[0]) else { return nil }
      return VisitPlace(seconds: seconds, id: row[1])
    }
  }

  private func hasCarried() throws(ClickHouseError) -> Bool {
    if !areCarried {
      areCarried = try client.select("EXISTS TABLE link_totals_before").first == ["1"]
    }
    return areCarried
  }

  private func reading<Result>(
    _ read: () throws(ClickHouseError) -> Result
  ) throws(StoreError) -> Result {
    do throws(ClickHouseError) {
      return try read()
    } catch {
      throw StoreError(
        .clickHouse, StoreError.Kind(isTimeout: error.isTimeout, isRetriable: error.isRetriable),
        during: "read visits", String(reflecting: error), retryAfter: 5)
    }
  }
}
