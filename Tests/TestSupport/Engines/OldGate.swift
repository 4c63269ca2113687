/// The gate of a consumer of the release before `visits`: the table that it stores through.
///
/// It has a view for each table of that release.
///
/// The statements are written down here, so no change of today's programs changes them.
package struct OldGate: Sendable {
  /// A bit of its column `targets`, for each of its views.
  package struct Targets: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let links = Targets(rawValue: 1)
    package static let days = Targets(rawValue: 2)
    package static let referrers = Targets(rawValue: 4)
    package static let journals = Targets(rawValue: 8)
    package static let clicks = Targets(rawValue: 16)
    package static let counts: Targets = [.links, .days, .referrers, .journals]
  }

  /// Asks for the names of all gates and of their views.
  ///
  /// By `system.columns`: a SELECT of `system.tables` fails on 18.16 when a table goes meanwhile.
  package static let question = """
    SELECT DISTINCT table FROM system.columns WHERE database = currentDatabase() \
    AND substring(table, 1, 12) = 'clicks_gate_'
    """

  package let name: String

  /// The first one.
  package init() { self.init(above: []) }

  /// The one of a consumer that takes over.
  ///
  /// - Parameter others: The names that `question` has found.
  package init(above others: [String]) {
    let numbers = others.compactMap { Int($0.split(separator: "_").dropFirst(2).first ?? "") }
    name = "clicks_gate_\((numbers.max() ?? 0) + 1)_\(UInt64.random(in: .min ... .max))"
  }

  package var creation: String {
    """
    CREATE TABLE IF NOT EXISTS \(name) (short_code String, timestamp DateTime('UTC'), \
    ip_address String, user_agent String, referrer String, event_id FixedString(16), \
    retried UInt8, journal UInt64, journal_offset UInt64, batch UInt64, ingest_day Date, \
    targets UInt8) ENGINE = Null
    """
  }

  /// Make its views.
  package var viewCreations: [String] {
    Self.views.map { table, target, selection, end in
      """
      CREATE MATERIALIZED VIEW IF NOT EXISTS \(name)_to_\(table) TO \(table) AS
      SELECT \(selection) FROM \(name) WHERE bitAnd(targets, \(target.rawValue)) != 0 \(end)
      """
    }
  }

  /// Drop other gates, each before its views.
  package static func drops(of others: [String]) -> [String] {
    let views = others.filter { $0.contains("_to_") }
    let gates = others.filter { !$0.contains("_to_") }
    return (gates + views).map { "DROP TABLE IF EXISTS \($0)" }
  }

  private static let views: [(table: String, target: Targets, selection: String, end: String)] = [
    (
      "clicks", .clicks,
      "short_code, timestamp, ip_address, user_agent, referrer, event_id, retried, journal, "
        + "journal_offset, batch, ingest_day", ""
    ),
    (
      "clicks_by_link", .links,
      "short_code, sumState(toUInt64(short_code != '')) AS clicks, uniqState(ip_address) AS "
        + "visitors, maxState(timestamp) AS last_clicked, maxState(batch) AS last_batch",
      "GROUP BY short_code"
    ),
    (
      "clicks_by_day", .days,
      "short_code, toDate(timestamp, 'UTC') AS day, sumState(toUInt64(short_code != '')) AS clicks, "
        + "maxState(batch) AS last_batch", "GROUP BY short_code, day"
    ),
    (
      "clicks_by_referrer", .referrers,
      "short_code, referrer, sumState(toUInt64(short_code != '')) AS clicks, maxState(batch) AS "
        + "last_batch", "AND (referrer != '' OR short_code = '') GROUP BY short_code, referrer"
    ),
    (
      "click_journals", .journals,
      "journal, maxState(journal_offset) AS stored, maxState(batch) AS last_batch",
      "GROUP BY journal"
    ),
  ]
}
