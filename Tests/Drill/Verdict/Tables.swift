import Foundation
import TestSupport

/// Questions to ClickHouse about the tables on both sides of the seam.
///
/// The old tables go while a drill asks, so each answer says whether its tables were there.
enum Tables {
  /// The rows of an answer.
  ///
  /// - Throws: When ClickHouse refuses the question or can't be asked.
  static func rows(_ question: String) throws -> [[String]] {
    guard let rows = try rowsIfThere(question) else {
      throw DrillError("a table is missing: \(question)")
    }
    return rows
  }

  /// The same; nil when a table isn't there.
  static func rowsIfThere(_ question: String) throws -> [[String]]? {
    let answer = try ClickHouseClient.query(question + " FORMAT TabSeparated")
    if answer.hasPrefix("Code: 60,") || answer.hasPrefix("Code: 60.") { return nil }
    guard !answer.contains("DB::Exception"), !answer.hasPrefix("curl:") else {
      throw DrillError("ClickHouse says: \(answer.prefix(500))")
    }
    return answer.split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// The old tables that are left: clicks and counts by short code.
  static func old() throws -> Set<String> {
    try names(["clicks_before", "clicks_by_link", "clicks_by_day", "clicks_by_referrer"])
  }

  /// Whether the old counts are there by scope, so that readers go by them.
  static func haveOldCounts() throws -> Bool {
    let counts = ["link_totals_before", "link_days_before", "link_referrers_before"]
    return try names(counts).count == counts.count
  }

  /// The last old batch; nil while it isn't fixed.
  static func lastOldBatch() throws -> UInt64? {
    let rows = try rowsIfThere("SELECT count(), max(number) FROM seam WHERE step = 'last_batch'")
    guard let row = rows?.first, row.count == 2, row[0] != "0" else { return nil }
    return UInt64(row[1])
  }

  /// Whether all old clicks have been carried and compared.
  static func isCarried() throws -> Bool {
    try rowsIfThere("SELECT count() FROM seam WHERE step = 'complete'")?.first?.first ?? "0" != "0"
  }

  /// Those of some tables that are there.
  ///
  /// By `system.columns`: a SELECT of `system.tables` fails on 18.16 when a table goes meanwhile.
  private static func names(_ tables: [String]) throws -> Set<String> {
    let list = tables.map { "'\($0)'" }.joined(separator: ",")
    let rows = try rows(
      """
      SELECT DISTINCT table FROM system.columns WHERE database = currentDatabase() \
      AND table IN (\(list))
      """)
    return Set(rows.compactMap(\.first))
  }
}
