import API
import ClickHouse
import Links
import Sessions

/// The paths of visits that met no link.
extension ReportStore {
  struct PathRow: Equatable {
    let type: OrphanType
    let domain: Int
    let path: String
    let visits: Int
    let bots: Int
    let last: Int64
  }

  /// A page of the paths, and how many there are.
  func paths(
    of kept: KeptVisits, _ question: OrphanPathQuestion, by deadline: Int64
  ) throws(StoreError) -> (rows: [PathRow], total: Int) {
    guard !kept.set.isEmpty else { return ([], 0) }
    let dates = question.dates
    return try reading { () throws(ClickHouseError) in
      let queries = ReportQueries(
        kept, VisitWindow(start: dates.start, end: dates.end), excludesBots: dates.excludesBots)
      let rows = try ask(
        queries.paths(skipping: question.page.offset, atMost: question.page.size), deadline)
      return (rows.compactMap(PathRow.init), try number(queries.pathCount, deadline))
    }
  }
}

extension ReportStore.PathRow {
  /// Nil for a row of another form.
  fileprivate init?(_ row: [String]) {
    guard row.count == 6, let scope = UInt64(row[0]), let domain = Int(row[1]),
      let type = OrphanType(Scope(rawValue: scope)), let visits = Int(row[3]),
      let bots = Int(row[4]), let last = Int64(row[5])
    else { return nil }
    self.init(
      type: type, domain: domain, path: row[2], visits: visits, bots: bots, last: last)
  }
}

extension ReportQueries {
  /// A row for each path: scope, domain, path, visits, bots and the last visit.
  fileprivate func paths(skipping skipped: Int, atMost limit: Int) -> SQL {
    """
    SELECT link, domain, code, count() AS total, countIf(bot != 0), toUnixTimestamp(max(timestamp))
    FROM visits WHERE \(hasPath) GROUP BY link, domain, code
    ORDER BY total DESC, code, link, domain LIMIT \(skipped), \(limit)
    """
  }

  fileprivate var pathCount: SQL {
    """
    SELECT count() FROM (SELECT link FROM visits WHERE \(hasPath) GROUP BY link, domain, code)
    """
  }

  /// Holds for rows that are one visit, and not many without details.
  private var hasPath: SQL {
    let isPerson: SQL = excludesBots ? "AND bot = 0" : ""
    return "\(isCounted) AND weight = 1 AND code != '' \(isPerson)"
  }
}
