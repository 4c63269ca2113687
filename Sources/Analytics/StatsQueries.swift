package import ClickHouse
package import Links

/// The questions that are asked of the counts; each reads the rows of one slug only.
package enum StatsQueries {
  /// One row: clicks, different addresses, second of the last click.
  package static func totals(_ slug: Slug) -> SQL {
    """
    SELECT sumMerge(clicks), uniqMerge(visitors), toUnixTimestamp(maxMerge(last_clicked))
    FROM clicks_by_link WHERE short_code = \(slug.description)
    """
  }

  /// A row for each day: its date and clicks.
  package static func days(_ slug: Slug) -> SQL {
    """
    SELECT toString(day), sumMerge(clicks) FROM clicks_by_day
    WHERE short_code = \(slug.description) GROUP BY day ORDER BY day DESC
    """
  }

  /// A row for each of the ten hosts that most clicks came from: its name and clicks.
  ///
  /// A client chooses its referrer, so there may be one for each click. They are grouped by host in
  /// ClickHouse, with `groupSettings`, and the ten best are all that leaves it: no path, no query, no
  /// user info. A referrer that is no http or https URL is not counted.
  package static func topReferrers(_ slug: Slug) -> SQL {
    """
    SELECT lower(extract(referrer, \(host))) AS host, sumMerge(clicks) AS total
    FROM clicks_by_referrer WHERE short_code = \(slug.description)
    GROUP BY host HAVING host != '' AND length(host) <= 253
    ORDER BY total DESC, host LIMIT 10
    """
  }

  /// Settings for `topReferrers`: past 64 MiB the groups go to the server's disk.
  static let groupSettings = [
    "max_bytes_before_external_group_by": "67108864", "max_memory_usage": "536870912",
  ]

  /// The host of an http or https URL, without user info, a final dot and the port (RFC 3986, section
  /// 3.2).
  ///
  /// A regular expression and not ClickHouse's `domain`, which takes user info for the host on 18.16.
  /// A backslash, which a browser reads as `/`, is in no part of what matches.
  private static let host =
    #"^[hH][tT][tT][pP][sS]?://(?:[^/?#\\]*@)?"#
    + #"([0-9A-Za-z_-]+(?:\.[0-9A-Za-z_-]+)*|\[[0-9A-Fa-f:.]+\])\.?(?::[0-9]*)?(?:[/?#]|$)"#
}
