import ClickHouse
package import Service
import Sessions

/// Reports, counted from the visits in ClickHouse.
package final class ReportStore {
  /// The limit of clicks up to which visitors are told apart.
  private static let visitorLimit = 20_000_000
  /// How long rows may be there after their deletion is said to be done.
  private static let deletionSeconds: Int64 = 86_400
  /// A statement may name many links, and groups past 64 MiB go to the server's disk.
  private static let settings = [
    "max_query_size": "\(1 << 20)", "max_bytes_before_external_group_by": "67108864",
    "max_memory_usage": "536870912",
  ]

  private let client: Client
  /// The limit of one report, whatever it asks for; nginx waits somewhat longer.
  private let timeout: Int

  /// A store that connects with the first query.
  ///
  /// - Throws: When `CLICKHOUSE_URL` can't be read.
  package init(_ settings: Settings) throws {
    timeout = settings.clickHouseReadTimeoutMilliseconds
    client = try Client(settings.clickHouse(ServerAddress.init(url:)), timeout: timeout)
  }

  /// When a report that begins now has to be done.
  func deadline() -> Int64 { SystemClock.monotonicMilliseconds() + Int64(timeout) }

  /// A set without the visits that somebody has asked to delete; nil after too many deletions.
  func kept(of set: VisitSet, by deadline: Int64) throws(StoreError) -> KeptVisits? {
    guard !set.isEmpty else { return KeptVisits(set, [[String]]()) }
    let second = SystemClock.milliseconds() / 1000 - Self.deletionSeconds
    return try reading { () throws(ClickHouseError) in
      KeptVisits(set, try ask(KeptVisits.deletions(of: set, since: second), deadline))
    }
  }

  /// The second of the first click of some sets; nil when they have none.
  func first(of visits: [KeptVisits], by deadline: Int64) throws(StoreError) -> Int64? {
    try reading { () throws(ClickHouseError) in
      var first: Int64?
      for kept in visits where !kept.set.isEmpty {
        let queries = ReportQueries(kept, .everything, excludesBots: false)
        let second = try number(queries.first, deadline)
        if second > 0 { first = min(first ?? .max, Int64(second)) }
      }
      return first
    }
  }

  /// What was counted of a set in a range; in its buckets where there are some.
  func part(
    of kept: KeptVisits, in range: TimeRange, _ buckets: Buckets?, excludesBots: Bool,
    by deadline: Int64
  ) throws(StoreError) -> Report.Part {
    var part = Report.Part(series: buckets?.starts.map { Report.Bucket(start: $0) })
    part.total.visitors = 0
    guard !kept.set.isEmpty else { return part }
    return try reading { () throws(ClickHouseError) in
      let queries = ReportQueries(kept, VisitWindow(range), excludesBots: excludesBots)
      if let buckets {
        for row in try ask(queries.pieces(by: buckets.key), deadline) {
          guard let key = row.first.flatMap({ Int64($0) }),
            let counts = Self.counts(row.dropFirst()),
            let bucket = buckets.index(ofPiece: key)
          else { continue }
          part.series?[bucket].counts.add(counts)
          part.total.add(counts)
        }
      } else if let row = try ask(queries.totals, deadline).first,
        let counts = Self.counts(row[...])
      {
        part.total.add(counts)
      }
      let isTooMuch = part.total.clicks + part.total.bots > Self.visitorLimit
      part.total.visitors = isTooMuch ? nil : try number(queries.visitors, deadline)
      return part
    }
  }

  /// The clicks of a set in a range by the hosts that they came from.
  func referrers(
    of kept: KeptVisits, in range: TimeRange, excludesBots: Bool, atMost limit: Int,
    by deadline: Int64
  ) throws(StoreError) -> ReferrerCounts {
    guard !kept.set.isEmpty else { return ReferrerCounts() }
    return try reading { () throws(ClickHouseError) in
      let queries = ReportQueries(kept, VisitWindow(range), excludesBots: excludesBots)
      return ReferrerCounts(try ask(queries.referrers(atMost: limit), deadline), atMost: limit)
    }
  }

  // MARK: - ClickHouse

  func number(_ question: SQL, _ deadline: Int64) throws(ClickHouseError) -> Int {
    try ask(question, deadline).first?.first.flatMap { Int($0) } ?? 0
  }

  /// Asks as long as there is time; the shortest time that the server can be given is a second.
  func ask(_ question: SQL, _ deadline: Int64) throws(ClickHouseError) -> Rows {
    let left = Int(deadline - SystemClock.monotonicMilliseconds())
    guard left > 0 else {
      throw ClickHouseError(cause: .timedOut, operation: "select", message: "no time is left")
    }
    return try client.select(question, settings: Self.settings, timeout: left)
  }

  private static func counts(_ row: ArraySlice<String>) -> ReportCounts? {
    let numbers = row.compactMap { Int64($0) }
    guard numbers.count == 3 else { return nil }
    return ReportCounts(
      clicks: Int(numbers[0]), bots: Int(numbers[1]), last: numbers[2] > 0 ? numbers[2] : nil)
  }

  func reading<Result>(
    _ read: () throws(ClickHouseError) -> Result
  ) throws(StoreError) -> Result {
    do throws(ClickHouseError) {
      return try read()
    } catch {
      throw StoreError(
        .clickHouse, StoreError.Kind(isTimeout: error.isTimeout, isRetriable: error.isRetriable),
        during: "count visits", String(reflecting: error), retryAfter: 5)
    }
  }
}

extension ReportCounts {
  fileprivate mutating func add(_ other: ReportCounts) {
    clicks += other.clicks
    bots += other.bots
    last = [last, other.last].compactMap(\.self).max()
  }
}

extension ReferrerCounts {
  /// From the rows of `ReportQueries.referrers`.
  fileprivate init(_ rows: Rows, atMost limit: Int) {
    self.init()
    let found = rows.filter { $0.count == 4 }.map { row in
      (
        host: row[0], counts: ReportCounts(clicks: Int(row[1]) ?? 0, bots: Int(row[2]) ?? 0),
        distinct: Int(row[3]) ?? 0
      )
    }
    guard let all = found.last, found.count > 1 else { return }
    let first = found.first.flatMap { $0.host.isEmpty ? $0 : nil }
    let hosts = found.dropLast().drop { $0.host.isEmpty }.filter { $0.distinct > 0 }.prefix(limit)
    direct = first?.counts ?? ReportCounts()
    self.rows = hosts.map { Row(host: $0.host, counts: $0.counts) }
    distinct = all.distinct - (first?.distinct ?? 0)
    let told = hosts.reduce(into: direct) { sum, host in sum.add(host.counts) }
    other = ReportCounts(clicks: all.counts.clicks - told.clicks, bots: all.counts.bots - told.bots)
  }
}
