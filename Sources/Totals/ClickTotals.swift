import ClickHouse
import Links
import Service

/// The totals of links in ClickHouse, read page by page.
///
/// The questions of one turn have a short limit together, since the announcements of changes wait meanwhile.
struct ClickTotals {
  /// The limit of a page in links.
  static let pageLinks = 2000
  /// The limit of a question, in milliseconds.
  static let timeout = 400
  /// The limit of all questions of a turn.
  static let turnLimit: Int64 = 800

  private let client: Client

  /// - Throws: When CLICKHOUSE_URL can't be read.
  init(_ settings: Settings) throws {
    client = try Client(settings.clickHouse(ServerAddress.init(url:)), timeout: Self.timeout)
  }

  /// How far ClickHouse has counted, nil while it deletes visits.
  ///
  /// The order matters. A deletion that isn't in the number of them takes this batch or a later one. Of one
  /// that is in it, all mutations were sent before: if none runs by then, they are done.
  func mark() throws(ClickHouseError) -> TotalsMark? {
    let end = Self.turnEnd
    let rows = try ask("SELECT maxMerge(last_batch) FROM link_totals WHERE scope = 0", by: end)
    let done = try ask("SELECT count() FROM visit_deletions WHERE step = 'done'", by: end)
    let deleting = try ask(
      """
      SELECT count() FROM system.mutations
      WHERE database = currentDatabase() AND is_done = 0 AND command LIKE '%deletion-%'
      """, by: end)
    guard deleting.first == ["0"] else { return nil }
    let carried = try ask("EXISTS TABLE link_totals_before", by: end)
    return TotalsMark(
      batch: rows.first?.first.flatMap { Int64($0) } ?? 0, hasCarried: carried.first == ["1"],
      deletions: done.first?.first.flatMap { Int64($0) } ?? 0)
  }

  /// The totals of all links of a window, or of the first of them.
  func page(of window: ScopeWindow, hasCarried: Bool) throws(ClickHouseError) -> TotalsPage {
    let totals = try totals(
      where: "scope > \(window.start) AND scope <= \(window.end)", hasCarried, by: Self.turnEnd)
    return page(totals, end: window.end)
  }

  /// The totals of links with clicks in some batches, and of those whose visits were deleted since, from an
  /// id on.
  ///
  /// - Parameters:
  ///   - batches: The first one isn't among them.
  ///   - start: The greatest id before.
  ///   - hasCarried: Whether there are counts from before the seam.
  /// - Returns: A page; the last one ends with the greatest id of all.
  /// - Throws: When ClickHouse can't be asked.
  func page(
    changedIn batches: ClosedRange<Int64>, after start: UInt64, hasCarried: Bool
  ) throws(ClickHouseError) -> TotalsPage {
    let turnEnd = Self.turnEnd
    let rows = try ask(
      """
      SELECT DISTINCT link FROM (
        SELECT link FROM visits
        WHERE batch > \(batches.lowerBound) AND batch <= \(batches.upperBound)
          AND link > \(start) AND link < \(Scope.firstName.rawValue)
        UNION ALL
        SELECT scope AS link FROM visit_deletions
        WHERE step = 'done' AND batch >= \(batches.lowerBound)
          AND scope > \(start) AND scope < \(Scope.firstName.rawValue)
      ) ORDER BY link LIMIT \(Self.pageLinks)
      """, by: turnEnd)
    let links = rows.compactMap { $0.first.flatMap { UInt64($0) } }
    let end = links.count < Self.pageLinks ? Scope.firstName.rawValue - 1 : links.last ?? start
    guard !links.isEmpty else { return TotalsPage(totals: [], end: end) }
    let totals = try totals(where: "scope IN (\(list: links))", hasCarried, by: turnEnd)
    let counted = Set(totals.map(\.link))
    let others = links.map { Int64(clamping: $0) }.filter { !counted.contains($0) }
    return TotalsPage(
      totals: totals + others.map { LinkTotal(link: $0, total: 0, bots: 0) }, end: end)
  }

  private func page(_ totals: [LinkTotal], end: UInt64) -> TotalsPage {
    guard totals.count == Self.pageLinks, let last = totals.last else {
      return TotalsPage(totals: totals, end: end)
    }
    return TotalsPage(totals: totals, end: UInt64(last.link))
  }

  /// The totals of the first links for which a condition holds; no more than a page has.
  private func totals(
    where condition: SQL, _ hasCarried: Bool, by end: Int64
  ) throws(ClickHouseError) -> [LinkTotal] {
    let before: SQL = """
      UNION ALL
      SELECT scope, toInt64(finalizeAggregation(clicks)) AS clicked, toInt64(0) AS by_bots
      FROM link_totals_before WHERE \(condition)
      """
    let rows = try ask(
      """
      SELECT scope, sum(clicked), sum(by_bots) FROM (
        SELECT scope, finalizeAggregation(clicks) AS clicked, finalizeAggregation(bots) AS by_bots
        FROM link_totals WHERE \(condition)
        \(hasCarried ? before : "")
      ) GROUP BY scope ORDER BY scope LIMIT \(Self.pageLinks)
      """, by: end)
    return rows.compactMap { row in
      guard row.count == 3, let link = Int64(row[0]), let total = Int64(row[1]),
        let bots = Int64(row[2])
      else { return nil }
      return LinkTotal(link: link, total: total, bots: bots)
    }
  }

  // MARK: - Time

  /// When a turn that begins now must end.
  private static var turnEnd: Int64 { SystemClock.bootMilliseconds() + turnLimit }

  private func ask(_ question: SQL, by end: Int64) throws(ClickHouseError) -> Rows {
    let left = end - SystemClock.bootMilliseconds()
    return try client.select(question, timeout: min(Self.timeout, Int(max(left, 1))))
  }
}
