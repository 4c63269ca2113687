package import ClickHouse
package import Links

/// The questions that are asked of the counts; each reads the rows of one short code only.
package enum StatsQueries {
  /// One row: clicks, different addresses, second of the last click.
  package static func totals(_ code: ShortCode) -> SQL {
    """
    SELECT sumMerge(clicks), uniqMerge(visitors), toUnixTimestamp(maxMerge(last_clicked))
    FROM clicks_by_link WHERE short_code = \(code.description)
    """
  }

  /// A row for each day: its date and clicks.
  package static func days(_ code: ShortCode) -> SQL {
    """
    SELECT toString(day), sumMerge(clicks) FROM clicks_by_day
    WHERE short_code = \(code.description) GROUP BY day ORDER BY day DESC
    """
  }

  /// A row for each of the ten referrers with most clicks: its text and clicks.
  package static func topReferrers(_ code: ShortCode) -> SQL {
    """
    SELECT referrer, sumMerge(clicks) AS total FROM clicks_by_referrer
    WHERE short_code = \(code.description) GROUP BY referrer
    ORDER BY total DESC, referrer LIMIT 10
    """
  }
}
