import ClickHouse
import Clicks

/// The table that one consumer stores through while it is the active one: `clicks_gate_7_4711`.
///
/// It keeps nothing. Its views hand the rows on to the table of clicks and to the counts; `targets`
/// says which of them a row is for, one bit each. They are made with the gate, so the migrations
/// make only the tables that they lead to.
package struct ClickGate: Equatable {
  /// What the names of gates and of their views begin with.
  static let prefix = "clicks_gate_"
  /// The bit of `targets` for the table of clicks; the counts' are those of `CountTargets`.
  static let clicks: UInt8 = 16

  /// The gate with the greatest number is the one that is open.
  let number: UInt64
  /// Chosen at random, so that a request that comes late is never about another consumer's gate.
  let nonce: UInt64

  /// A new gate.
  init(number: UInt64) {
    self.number = number
    nonce = .random(in: .min ... .max)
  }

  /// The gate that has this name, or whose view has it.
  init?(named name: String) {
    guard name.hasPrefix(Self.prefix) else { return nil }
    let parts = name.dropFirst(Self.prefix.count).split(separator: "_")
    guard parts.count >= 2, let number = UInt64(parts[0]), let nonce = UInt64(parts[1]) else {
      return nil
    }
    self.number = number
    self.nonce = nonce
  }

  package var name: String { "\(Self.prefix)\(number)_\(nonce)" }

  /// Makes the table; it is no error that it is there.
  var creation: SQL {
    let columns = NativeBlock.Column.ofGate.map { column -> SQL in
      "\(identifier: "\(column.name)") \(SQL(unsafe: "\(column.type)"))"
    }
    return "CREATE TABLE IF NOT EXISTS \(identifier: name) (\(SQL(list: columns))) ENGINE = Null"
  }

  /// Make the views, each if it isn't there.
  var viewCreations: [SQL] {
    [
      view(
        to: "clicks", Self.clicks,
        """
        short_code, timestamp, ip_address, user_agent, referrer, event_id, retried, journal, \
        journal_offset, batch, ingest_day
        """),
      view(
        to: "clicks_by_link", CountTargets.links.rawValue,
        """
        short_code, sumState(toUInt64(short_code != '')) AS clicks, \
        uniqState(ip_address) AS visitors, maxState(timestamp) AS last_clicked, \
        maxState(batch) AS last_batch
        """, "GROUP BY short_code"),
      view(
        to: "clicks_by_day", CountTargets.days.rawValue,
        """
        short_code, toDate(timestamp, 'UTC') AS day, \
        sumState(toUInt64(short_code != '')) AS clicks, maxState(batch) AS last_batch
        """, "GROUP BY short_code, day"),
      view(
        to: "clicks_by_referrer", CountTargets.referrers.rawValue,
        """
        short_code, referrer, sumState(toUInt64(short_code != '')) AS clicks, \
        maxState(batch) AS last_batch
        """, "AND (referrer != '' OR short_code = '') GROUP BY short_code, referrer"),
      view(
        to: "click_journals", CountTargets.journals.rawValue,
        "journal, maxState(journal_offset) AS stored, maxState(batch) AS last_batch",
        "GROUP BY journal"),
    ]
  }

  private func view(to table: String, _ bit: UInt8, _ columns: SQL, _ rest: SQL = "") -> SQL {
    """
    CREATE MATERIALIZED VIEW IF NOT EXISTS \(identifier: name + "_to_" + table)
    TO \(identifier: table) AS
    SELECT \(columns) FROM \(identifier: name) WHERE bitAnd(targets, \(bit)) != 0 \(rest)
    """
  }
}
