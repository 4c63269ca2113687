import ClickHouse
import Visitors

/// The questions about the clicks of one scope in one range of time.
///
/// They read `visits`, and no row that somebody has asked to delete.
struct ReportQueries {
  private let kept: KeptVisits
  private let window: VisitWindow
  let excludesBots: Bool

  init(_ kept: KeptVisits, _ window: VisitWindow, excludesBots: Bool) {
    self.kept = kept
    self.window = window
    self.excludesBots = excludesBots
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

  /// A row for each host that most clicks came from: its name, clicks, bots, and 1 if it has clicks.
  ///
  /// The first row is that of clicks without a host, if there are any. Behind them come an empty row and one
  /// of all hosts together, with the number of those that have clicks.
  func referrers(atMost limit: Int) -> SQL {
    """
    SELECT host, sum(clicked), sum(robots), countIf(clicked > 0) FROM (
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
  var isCounted: SQL { "\(kept.condition) AND \(window.condition)" }
}
