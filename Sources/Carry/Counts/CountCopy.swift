import ClickHouse
import Pipeline

/// One of the counts by short code, and its copy by scope.
///
/// The copy has one row for each row of the original, so it needs no memory. ClickHouse merges rows
/// of one key later, as it does in the original.
struct CountCopy: Sendable {
  let original: String
  /// The name of the copy.
  let name: String
  private let columns: SQL
  private let order: SQL
  private let granularity: Int
  /// The original's values, under a condition that begins with AND.
  private let source: @Sendable (SQL) -> SQL
  /// The columns of both after the scope.
  private let taken: SQL
  /// The sums that must be equal in both.
  private let sums: SQL

  static let all = [links, days, referrers]

  private static let links = CountCopy(
    original: "clicks_by_link", name: "link_totals_before",
    columns: """
      clicks AggregateFunction(sum, UInt64), visitors AggregateFunction(uniq, String), \
      last_visit AggregateFunction(max, DateTime('UTC'))
      """,
    order: "scope", granularity: 64,
    source: { codes in
      """
      SELECT short_code, clicks, visitors, last_clicked AS last_visit FROM clicks_by_link
      WHERE short_code != ''\(codes)
      """
    },
    taken: "clicks, visitors, last_visit",
    sums: "sumMerge(clicks), uniqMerge(visitors), toUInt32(maxMerge(last_visit))")

  private static let days = CountCopy(
    original: "clicks_by_day", name: "link_days_before",
    columns: "day Date, clicks AggregateFunction(sum, UInt64)",
    order: "scope, day", granularity: 8192,
    source: { codes in
      "SELECT short_code, day, clicks FROM clicks_by_day WHERE short_code != ''\(codes)"
    },
    taken: "day, clicks",
    sums: "sumMerge(clicks), min(day), max(day)")

  private static let referrers = CountCopy(
    original: "clicks_by_referrer", name: "link_referrers_before",
    columns: "host String, clicks AggregateFunction(sum, UInt64)",
    order: "scope, host", granularity: 8192,
    source: { codes in
      """
      SELECT short_code, host, clicks FROM (
        SELECT short_code, \(ClickSQL.referrerHost(of: "referrer")) AS host, clicks
        FROM clicks_by_referrer WHERE short_code != ''\(codes)) WHERE host != ''
      """
    },
    taken: "host, clicks", sums: "sumMerge(clicks)")

  /// The columns and the engine of the copy.
  var definition: SQL {
    """
    (scope UInt64, \(columns)) ENGINE = AggregatingMergeTree ORDER BY (\(order))
    SETTINGS index_granularity = \(granularity)
    """
  }

  /// The prefix of its drafts' names.
  var draftPrefix: String { name + "_" }

  func creation(_ table: String) -> SQL { "CREATE TABLE \(identifier: table) \(definition)" }

  /// Copies the rows that match a condition on the short code; it begins with AND.
  func filling(_ table: String, _ codes: SQL) -> SQL {
    """
    INSERT INTO \(identifier: table) (scope, \(taken))
    SELECT \(LinkNames.scope), \(taken) FROM (\(source(codes))) AS counts
    \(LinkNames.join(codes))
    """
  }

  var sumsOfOriginal: SQL { "SELECT \(sums) FROM (\(source("")))" }

  func sums(of table: String) -> SQL { "SELECT \(sums) FROM \(identifier: table)" }
}
