package import ClickHouse
package import Links
import Visitors

/// The questions about the counts of one link: what was counted before the seam, and since.
///
/// Each reads the rows of the link's slug and scopes only, whatever other links have. They are added up
/// one by one and not by table first, so a question has one limit of memory.
package struct StatsQueries {
  private let before: OldCounts
  /// By which counts by short code are found.
  private let slug: Slug
  /// By which all others are found.
  private let scopes: [Scope]
  /// Whether what was counted for the name is another link's.
  private let isNameReused: Bool

  /// Asks about a link's clicks, and about those that tell no id and came by its name.
  ///
  /// A name that tells an id is never asked for beside another id.
  ///
  /// - Parameters:
  ///   - slug: The link's name.
  ///   - link: The link's id; nil for what the name tells.
  ///   - isNameReused: Whether another link had the name before. What was counted for the name alone is left
  ///     out then.
  ///   - before: Where the counts from before the seam are.
  package init(
    _ slug: Slug, link: SnowflakeID?, isNameReused: Bool = false, before: OldCounts
  ) {
    self.before = before
    self.isNameReused = isNameReused
    self.slug = slug
    let name = Scope(name: slug.description.utf8)
    let own = Scope(link: link, name: slug.description.utf8)
    scopes = name.isName && own != name && !isNameReused ? [own, name] : [own]
  }

  /// One row: clicks, different addresses of people, second of the last click, clicks of bots.
  ///
  /// Before the seam bots were not told apart.
  package var totals: SQL {
    let last: SQL = "visitors, finalizeAggregation(last_visit) AS last"
    let rows = rows(
      of: "link_totals", "\(last), toInt64(finalizeAggregation(bots)) AS robots",
      before: "\(last), toInt64(0) AS robots", byCode: "clicks_by_link",
      "visitors, finalizeAggregation(last_clicked) AS last, toInt64(0) AS robots")
    return """
      SELECT sum(clicked), uniqMerge(visitors), toUnixTimestamp(max(last)), sum(robots)
      FROM (\(rows))
      """
  }

  /// A row for each day: its date and clicks.
  package var days: SQL {
    let rows = rows(of: "link_days", "day", before: "day", byCode: "clicks_by_day", "day")
    return "SELECT toString(day), sum(clicked) FROM (\(rows)) GROUP BY day ORDER BY day DESC"
  }

  /// A row for each of the ten hosts that most clicks came from: its name and clicks.
  ///
  /// A client chooses its referrer, so there may be a host for each click. ClickHouse adds them up with
  /// `groupSettings`, and the ten best are all that leaves it: no path, no query, no user info. A
  /// referrer that is no http or https URL is not counted.
  package var topReferrers: SQL {
    """
    SELECT host, sum(clicked) AS total FROM (\(referred))
    WHERE \(Self.isHost) GROUP BY host ORDER BY total DESC, host LIMIT 10
    """
  }

  /// One row: the clicks that came from any host.
  package var referredClicks: SQL {
    "SELECT sum(clicked) FROM (\(referred)) WHERE \(Self.isHost)"
  }

  private static let isHost: SQL = "host != '' AND length(host) <= \(ReferrerHost.maximumBytes)"

  private var referred: SQL {
    rows(
      of: "link_referrers", "host", before: "host",
      byCode: "clicks_by_referrer", "lower(extract(referrer, \(ReferrerHost.pattern))) AS host")
  }

  /// Settings for `topReferrers`: past 64 MiB the groups go to the server's disk.
  static let groupSettings = [
    "max_bytes_before_external_group_by": "67108864", "max_memory_usage": "536870912",
  ]

  /// The link's rows of a count, from before the seam and since; each with its `clicked`.
  private func rows(
    of table: String, _ columns: SQL, before columnsBefore: SQL, byCode oldTable: String,
    _ oldColumns: SQL
  ) -> SQL {
    let clicked: SQL = "toInt64(finalizeAggregation(clicks)) AS clicked"
    let since: SQL = "SELECT \(columns), \(clicked) FROM \(identifier: table) WHERE \(isOfLink)"
    if before == .byCode, isNameReused { return since }
    let old: SQL =
      switch before {
      case .byCode:
        """
        SELECT \(oldColumns), \(clicked) FROM \(identifier: oldTable)
        WHERE short_code = \(slug.description)
        """
      case .byScope:
        """
        SELECT \(columnsBefore), \(clicked) FROM \(identifier: table + "_before") WHERE \(isOfLink)
        """
      }
    return """
      \(old)
      UNION ALL
      \(since)
      """
  }

  private var isOfLink: SQL { "scope IN (\(list: scopes.map(\.rawValue)))" }
}
