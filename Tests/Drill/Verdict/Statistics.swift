import Foundation
import TestSupport

/// What `/stats` says of a link, compared with its rows.
struct Statistics {
  private let code: String
  private let rows: [Oracle.Expected]
  /// What is wrong, and by how many clicks.
  private(set) var faults: [(count: Int, what: String)] = []

  init(of code: String, rows: [Oracle.Expected]) throws {
    self.code = code
    self.rows = rows
    let answer = try HTTPClient.site().get("/stats/\(code)")
    try compare(answer.json)
  }

  private mutating func compare(_ stats: JSONAnswer) throws {
    let referrers = try stats["top_referrers"].elements
    let byHost = Dictionary(grouping: rows.map { Referrer.host(of: $0.referrer) }) { $0 }
      .filter { !$0.key.isEmpty }
    try expect("total", stats["total_clicks"].number, rows.count)
    try expect("visitors", stats["unique_visitors"].number, Set(rows.map(\.address)).count)
    try expect("days", Self.sum(stats["clicks_by_day"].elements), rows.count)
    try expect(
      "referrers", Self.sum(referrers),
      byHost.values.map(\.count).sorted(by: >).prefix(10).reduce(0, +))
    for entry in referrers {
      let host = try entry["referrer"].text
      try expect(host, entry["clicks"].number, byHost[host]?.count ?? 0)
    }
  }

  private mutating func expect(_ what: String, _ counted: Int, _ right: Int) {
    guard counted != right else { return }
    faults.append(
      (abs(counted - right), "/stats/\(code): \(what) \(counted), but there are \(right)"))
  }

  private static func sum(_ entries: [JSONAnswer]) throws -> Int {
    try entries.reduce(0) { try $0 + $1["clicks"].number }
  }
}
