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
    let object = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any] ?? [:]
    compare(object)
  }

  private mutating func compare(_ object: [String: Any]) {
    let days = object["clicks_by_day"] as? [[String: Any]] ?? []
    let referrers = object["top_referrers"] as? [[String: Any]] ?? []
    let byHost = Dictionary(grouping: rows.filter { !$0.referrer.isEmpty }) {
      Self.host($0.referrer)
    }
    expect("total", object["total_clicks"] as? Int ?? -1, rows.count)
    expect("visitors", object["unique_visitors"] as? Int ?? -1, Set(rows.map(\.address)).count)
    expect("days", Self.sum(days), rows.count)
    expect(
      "referrers", Self.sum(referrers),
      byHost.values.map(\.count).sorted(by: >).prefix(10).reduce(0, +))
    for entry in referrers {
      let host = entry["referrer"] as? String ?? ""
      expect(host, entry["clicks"] as? Int ?? -1, byHost[host]?.count ?? 0)
    }
  }

  private mutating func expect(_ what: String, _ counted: Int, _ right: Int) {
    guard counted != right else { return }
    faults.append(
      (abs(counted - right), "/stats/\(code): \(what) \(counted), but there are \(right)"))
  }

  /// The host of one of the load's referrers, which all are URLs.
  private static func host(_ referrer: String) -> String {
    referrer.split(separator: "/").dropFirst().first.map(String.init) ?? ""
  }

  private static func sum(_ entries: [[String: Any]]) -> Int {
    entries.reduce(0) { $0 + ($1["clicks"] as? Int ?? 0) }
  }
}
