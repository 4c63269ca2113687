import ClickHouse
import Visitors

/// The questions about the clicks of one scope in one range of time.
///
/// They read `visits`, and no row that somebody has asked to delete.
struct ReportQueries {
  private let set: VisitSet
  private let window: VisitWindow
  private let deletions: [Deletion]
  let excludesBots: Bool

  /// The visits of one scope that somebody has asked to delete: those up to a batch.
  struct Deletion {
    let scope: UInt64
    let batch: UInt64
  }

  init(_ set: VisitSet, _ window: VisitWindow, without deletions: [Deletion], excludesBots: Bool) {
    self.set = set
    self.window = window
    self.deletions = deletions
    self.excludesBots = excludesBots
  }

  /// Those that may still have rows: of these scopes all, else those that were asked for or done lately.
  ///
  /// The server takes the rows away some time after the deletion is said to be done.
  static func deletions(of scopes: [UInt64], since second: Int64) -> SQL {
    let isMeant: SQL =
      scopes.isEmpty
      ? """
      id IN (SELECT id FROM visit_deletions GROUP BY id
        HAVING max(step) = 'asked' OR max(at) >= toDateTime(\(second), 'UTC'))
      """ : "scope IN (\(list: scopes))"
    return """
      SELECT scope, max(batch) FROM visit_deletions WHERE step = 'asked' AND \(isMeant)
      GROUP BY scope ORDER BY scope LIMIT 1000
      """
  }

  /// One row: clicks, bots and the second of the last click.
  var totals: SQL { "SELECT \(counts) FROM visits WHERE \(isCounted)" }

  /// A row for each piece of the range that has clicks: its key, clicks, bots and the last click.
  func pieces(by key: SQL) -> SQL {
    "SELECT \(key) AS piece, \(counts) FROM visits WHERE \(isCounted) GROUP BY piece"
  }

  /// Different addresses of people.
  var visitors: SQL {
    "SELECT uniq(ip_address) FROM visits WHERE \(isCounted) AND bot = 0 AND ip_address != ''"
  }

  /// The second of the first click.
  var first: SQL {
    "SELECT toUnixTimestamp(min(timestamp)) FROM visits WHERE \(isCounted)"
  }

  /// A row for each host that most clicks came from: its name, clicks and bots.
  ///
  /// The first row is that of clicks without a host, if there are any. Behind them come an empty row and one
  /// of all hosts together, with their number.
  func referrers(atMost limit: Int) -> SQL {
    """
    SELECT host, sum(clicked), sum(robots), count() FROM (
      SELECT if(length(referrer_host) <= \(ReferrerHost.maximumBytes), referrer_host, '') AS host,
        \(clicks) AS clicked, \(bots) AS robots
      FROM visits WHERE \(isCounted) GROUP BY host
    ) WHERE clicked > 0 OR robots > 0
    GROUP BY host WITH TOTALS
    ORDER BY host = '' DESC, sum(clicked) DESC, sum(robots) DESC, host LIMIT \(limit + 1)
    """
  }

  private var counts: SQL {
    let last: SQL = excludesBots ? "maxIf(timestamp, bot = 0)" : "max(timestamp)"
    return "\(clicks), \(bots), toUnixTimestamp(\(last))"
  }

  private var clicks: SQL {
    excludesBots ? "sumIf(toUInt64(weight), bot = 0)" : "sum(toUInt64(weight))"
  }

  private var bots: SQL { "sumIf(toUInt64(weight), bot != 0)" }

  /// Holds for the rows of the scope in the range.
  var isCounted: SQL {
    let gone = deletions.map { "AND NOT (link = \($0.scope) AND batch <= \($0.batch))" as SQL }
    return "\(set.countedCondition) AND \(window.condition) \(SQL(list: gone, separator: " "))"
  }
}
