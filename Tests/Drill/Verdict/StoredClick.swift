import Foundation
import TestSupport

/// A row of `click_events`.
struct StoredClick: Sendable {
  /// 32 hexadecimal digits.
  let id: String
  /// What was sent, as far as it is UTF-8.
  let click: Oracle.Expected
  /// Whole seconds since 1970.
  let second: Double

  /// Reads what is stored of a drill's links, and whatever else its clients may have brought about.
  static func all(of links: Links) throws -> [StoredClick] {
    let table = try ClickHouseClient.query(
      """
      SELECT lower(hex(event_id)), short_code, ip_address, hex(user_agent), hex(referrer),
        toUInt32(timestamp)
      FROM clicks WHERE \(condition(links)) OR user_agent LIKE '\(links.agent)%'
      FORMAT TabSeparated
      """)
    return try table.split(separator: "\n").map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 6, let second = Double(fields[5]) else {
        throw DrillError("ClickHouse says: \(line)")
      }
      return StoredClick(
        id: fields[0],
        click: Oracle.Expected(
          code: fields[1], address: fields[2], userAgent: text(fields[3]),
          referrer: text(fields[4])), second: second)
    }
  }

  /// How many different ones there are of a drill's links.
  static func count(of links: Links) throws -> Int {
    let text = try ClickHouseClient.query(
      "SELECT uniqExact(event_id) FROM clicks WHERE \(condition(links))")
    return Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
  }

  private static func condition(_ links: Links) -> String {
    let warm = links.warm.map { "'\($0)'" }.joined(separator: ",")
    return "(short_code IN (\(warm)) OR short_code LIKE '\(links.prefix)%')"
  }

  /// From hexadecimal digits; other bytes than UTF-8 become what nobody has sent.
  private static func text(_ digits: String) -> String {
    var bytes: [UInt8] = []
    var rest = digits.utf8[...]
    while rest.count >= 2 {
      bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
