import ClickHouse
import Clicks

/// A view of a gate: it passes the rows that have its bit in `targets` on to one table.
package struct GateView: Sendable {
  /// The table that gets the rows.
  package let table: String
  /// Its bit of `targets`.
  package let bit: UInt32
  /// All columns of that table: on 18.16 a view must have each of them.
  private let columns: SQL
  /// The SQL after the condition.
  private let rest: SQL

  private init(to table: String, _ bit: UInt32, _ columns: SQL, _ rest: SQL = "") {
    self.table = table
    self.bit = bit
    self.columns = columns
    self.rest = rest
  }

  private init(to table: String, _ count: CountTargets, _ columns: SQL, _ rest: SQL) {
    self.init(to: table, count.rawValue, columns, rest)
  }

  package func name(of gate: ClickGate) -> String { gate.name + "_to_" + table }

  /// Creates the view if it doesn't exist.
  func creation(of gate: ClickGate) -> SQL {
    """
    CREATE MATERIALIZED VIEW IF NOT EXISTS \(identifier: name(of: gate))
    TO \(identifier: table) AS
    SELECT \(columns) FROM \(identifier: gate.name) WHERE bitAnd(targets, \(bit)) != 0 \(rest)
    """
  }

  /// The views of a consumer's gates.
  package static let ofConsumer = [visits, totals, days, referrers, journals]
  /// The views of a consumer's gates until the last old batch is complete and its number is known.
  package static let atSeam = ofConsumer + [totalsBefore, daysBefore, referrersBefore, seam]

  package static let visits = GateView(
    to: "visits", 16,
    SQL(list: NativeBlock.Column.ofVisits.map { "\(identifier: "\($0.name)")" }))

  static let totals = GateView(
    to: "link_totals", .totals,
    """
    link AS scope, sumState(toInt64(weight)) AS clicks, \
    sumState(if(bot != 0, toInt64(weight), toInt64(0))) AS bots, \
    uniqStateIf(ip_address, bot = 0 AND ip_address != '') AS visitors, minState(timestamp) AS first_visit, \
    maxState(timestamp) AS last_visit, maxState(batch) AS last_batch
    """, "GROUP BY scope")

  static let days = GateView(
    to: "link_days", .days,
    """
    link AS scope, toDate(timestamp, 'UTC') AS day, sumState(toInt64(weight)) AS clicks, \
    maxState(batch) AS last_batch
    """, "GROUP BY scope, day")

  static let referrers = GateView(
    to: "link_referrers", .referrers,
    """
    link AS scope, referrer_host AS host, sumState(toInt64(weight)) AS clicks, \
    maxState(batch) AS last_batch
    """, "AND (referrer_host != '' OR link = 0) GROUP BY scope, host")

  static let journals = GateView(
    to: "click_journals", .journals,
    "journal, maxState(journal_offset) AS stored, maxState(batch) AS last_batch",
    "GROUP BY journal")

  // MARK: - The old tables

  static let totalsBefore = GateView(
    to: "clicks_by_link", .totalsBefore,
    """
    code AS short_code, sumState(toUInt64(code != '')) AS clicks, \
    uniqState(ip_address) AS visitors, maxState(timestamp) AS last_clicked, \
    maxState(batch) AS last_batch
    """, "GROUP BY short_code")

  static let daysBefore = GateView(
    to: "clicks_by_day", .daysBefore,
    """
    code AS short_code, toDate(timestamp, 'UTC') AS day, \
    sumState(toUInt64(code != '')) AS clicks, maxState(batch) AS last_batch
    """, "GROUP BY short_code, day")

  static let referrersBefore = GateView(
    to: "clicks_by_referrer", .referrersBefore,
    """
    code AS short_code, referrer, sumState(toUInt64(code != '')) AS clicks, \
    maxState(batch) AS last_batch
    """, "AND (referrer != '' OR code = '') GROUP BY short_code, referrer")

  static let seam = GateView(
    to: "seam", 256, "'last_batch' AS step, batch AS number, toDateTime(now(), 'UTC') AS at")
}
