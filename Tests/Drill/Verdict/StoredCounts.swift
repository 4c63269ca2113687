import Foundation
import TestSupport

/// The counts of a drill's links in ClickHouse, each compared with the link's rows.
///
/// Old batches are counted in tables of their own, once the carry has made these.
struct StoredCounts {
  /// What is wrong, and by how many clicks.
  private(set) var faults: [(count: Int, what: String)] = []
  private let links: Links

  /// Compares.
  ///
  /// - Parameters:
  ///   - links: The drill's.
  ///   - evidence: What is stored of them.
  /// - Throws: When ClickHouse can't be asked.
  init(of links: Links, _ evidence: Evidence) throws {
    self.links = links
    let last = try Tables.lastOldBatch() ?? 0
    var scopes: [UInt64: [StoredClick]] = [:]
    for row in evidence.stored {
      guard let scope = row.derived?.scope ?? evidence.scopes[row.click.code] else { continue }
      scopes[scope, default: []].append(row)
    }
    try compare(scopes.mapValues { $0.filter { $0.batch > last } }, suffix: "")
    guard try Tables.haveOldCounts() else { return }
    try compare(scopes.mapValues { $0.filter { $0.batch <= last } }, suffix: "_before")
  }

  private mutating func compare(_ scopes: [UInt64: [StoredClick]], suffix: String) throws {
    let names = scopes.keys.filter { $0 >= Links.firstName }.map(String.init)
    let condition = links.condition(on: "scope", also: names)
    // Old totals don't tell the first visit.
    let first = suffix.isEmpty ? "toUInt32(minMerge(first_visit)), toInt64(sumMerge(bots))" : "0, 0"
    let rows = scopes.filter { !$0.value.isEmpty }
    try expect(
      "link_totals" + suffix, rows.mapValues { ["": Self.totals($0, hasFirst: suffix.isEmpty)] },
      """
      SELECT scope, '', toInt64(sumMerge(clicks)), uniqMerge(visitors), \
      toUInt32(maxMerge(last_visit)), \(first) FROM link_totals\(suffix) \
      WHERE \(condition) GROUP BY scope
      """)
    try expect(
      "link_days" + suffix, rows.mapValues { Self.grouped($0) { "\(Int($0.second) / 86_400)" } },
      """
      SELECT scope, toString(toUInt16(day)), toInt64(sumMerge(clicks)) FROM link_days\(suffix) \
      WHERE \(condition) GROUP BY scope, day
      """)
    try expect(
      "link_referrers" + suffix,
      rows.mapValues { rows in
        Self.grouped(rows.filter { !Referrer.host(of: $0.click.referrer).isEmpty }) {
          Referrer.host(of: $0.click.referrer)
        }
      },
      """
      SELECT scope, host, toInt64(sumMerge(clicks)) FROM link_referrers\(suffix) \
      WHERE \(condition) GROUP BY scope, host
      """)
  }

  /// Clicks, visitors, the last and the first visit, and bots, of which the drills have none.
  private static func totals(_ rows: [StoredClick], hasFirst: Bool) -> [Int] {
    let seconds = rows.map { Int($0.second) }
    return [
      rows.count, Set(rows.map(\.click.address)).count, seconds.max() ?? 0,
      hasFirst ? seconds.min() ?? 0 : 0, 0,
    ]
  }

  private static func grouped(
    _ rows: [StoredClick], by key: (StoredClick) -> String
  ) -> [String: [Int]] {
    Dictionary(grouping: rows, by: key).mapValues { [$0.count] }
  }

  /// Compares what a question about scopes and something of each is answered.
  private mutating func expect(
    _ table: String, _ expected: [UInt64: [String: [Int]]], _ question: String
  ) throws {
    var missing = expected.filter { !$0.value.isEmpty }
    for row in try Tables.rows(question) {
      guard row.count > 2, let scope = UInt64(row[0]) else {
        throw DrillError("\(table): ClickHouse says: \(row)")
      }
      let numbers = row[2...].map { Int($0) ?? -1 }
      let right = missing[scope]?.removeValue(forKey: row[1])
      note(table, scope, row[1], numbers, right ?? Array(repeating: 0, count: numbers.count))
    }
    for (scope, rest) in missing {
      for (key, right) in rest { note(table, scope, key, right.map { _ in 0 }, right) }
    }
  }

  private mutating func note(
    _ table: String, _ scope: UInt64, _ key: String, _ counted: [Int], _ right: [Int]
  ) {
    guard counted != right else { return }
    faults.append(
      (
        max(1, abs(counted[0] - right[0])),
        "\(table) of \(scope) \(key): \(counted), but by the rows it is \(right)"
      ))
  }
}
