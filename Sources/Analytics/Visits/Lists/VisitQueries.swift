import ClickHouse

/// The questions about one list of visits, newest first.
struct VisitQueries {
  private let set: VisitSet
  private let filter: VisitFilter
  /// The last batch whose visits were deleted; 0 for none.
  private let deleted: UInt64

  init(_ set: VisitSet, _ filter: VisitFilter, deletedUpTo deleted: UInt64) {
    self.set = set
    self.filter = filter
    self.deleted = deleted
  }

  /// The last batch that a deletion of these visits takes, as far as somebody has asked for one.
  static func deletion(of scopes: [UInt64]) -> SQL {
    "SELECT max(batch) FROM visit_deletions WHERE scope IN (\(list: scopes)) AND step = 'asked'"
  }

  /// How many rows the list has.
  var count: SQL { "SELECT count() FROM visits WHERE \(isListed)" }

  /// All and bots of it, from the counts and from those of before the seam; nil where these can't tell.
  func totals(hasCarried: Bool) -> SQL? {
    guard !filter.isDated, deleted == 0, let condition = set.totalsCondition else { return nil }
    let before: SQL = """
      UNION ALL
      SELECT toInt64(finalizeAggregation(clicks)) AS clicked, toInt64(0) AS by_bots
      FROM link_totals_before WHERE \(condition)
      """
    return """
      SELECT sum(clicked), sum(by_bots) FROM (
        SELECT finalizeAggregation(clicks) AS clicked, finalizeAggregation(bots) AS by_bots
        FROM link_totals WHERE \(condition)
        \(hasCarried ? before : "")
      )
      """
  }

  /// All and bots of a set without a filter, by their weights.
  var weights: SQL {
    "SELECT sum(weight), sumIf(weight, bot != 0) FROM visits WHERE \(isThere)"
  }

  /// How many rows there are in each hour that has some, newest first.
  var hours: SQL {
    """
    SELECT toUnixTimestamp(toStartOfHour(timestamp)) AS hour, count() FROM visits
    WHERE \(isListed) GROUP BY hour ORDER BY hour DESC
    """
  }

  /// The places of some rows: seconds and id.
  ///
  /// - Parameters:
  ///   - window: Their times.
  ///   - place: The rows follow this one; nil for all.
  ///   - skipped: So many rows of the window come before them.
  ///   - limit: How many at most.
  /// - Returns: The question.
  func places(
    in window: VisitWindow, after place: VisitPlace?, skipping skipped: Int, atMost limit: Int
  ) -> SQL {
    """
    SELECT toUnixTimestamp(timestamp), lower(hex(event_id)) FROM visits
    WHERE \(isListed) AND \(window.condition) AND \(Self.isAfter(place))
    ORDER BY timestamp DESC, event_id DESC LIMIT \(skipped), \(limit)
    """
  }

  /// The rows from one place to another, both included.
  func rows(from first: VisitPlace, to last: VisitPlace, atMost limit: Int) -> SQL {
    let window = VisitWindow(start: last.seconds, end: first.seconds + 1)
    return """
      SELECT \(VisitRow.columns) FROM visits
      WHERE \(isListed) AND \(window.condition)
        AND NOT (\(Self.isTime(first)) AND event_id > \(Self.event(first)))
        AND NOT (\(Self.isTime(last)) AND event_id < \(Self.event(last)))
      ORDER BY timestamp DESC, event_id DESC LIMIT \(limit)
      """
  }

  private var isListed: SQL {
    let window = VisitWindow(start: filter.start, end: filter.end)
    let isPerson: SQL = filter.excludesBots ? "AND bot = 0" : ""
    return "\(isThere) AND \(window.condition) \(isPerson)"
  }

  /// Holds for the rows of the set that aren't deleted: the consumer takes them away a little later.
  private var isThere: SQL {
    deleted == 0 ? set.condition : "\(set.condition) AND batch > \(deleted)"
  }

  private static func isAfter(_ place: VisitPlace?) -> SQL {
    guard let place else { return "1" }
    return """
      (timestamp < toDateTime(\(place.seconds), 'UTC')
        OR \(isTime(place)) AND event_id < \(event(place)))
      """
  }

  private static func isTime(_ place: VisitPlace) -> SQL {
    "timestamp = toDateTime(\(place.seconds), 'UTC')"
  }

  private static func event(_ place: VisitPlace) -> SQL {
    "toFixedString(unhex(\(place.id)), 16)"
  }
}
