import Foundation
import TestSupport

/// A row of `visits`, or one of `clicks_before` that is not carried yet.
struct StoredClick: Sendable {
  /// What the consumer derives, and the carry, and what the line says of the link.
  struct Derived: Equatable, Sendable {
    /// What the click is counted for.
    let scope: UInt64
    let referrerHost: String
    let weight: Int
    var state = Led.State()
  }

  /// 32 hexadecimal digits.
  let id: String
  /// What was sent, as far as it is UTF-8.
  let click: Oracle.Expected
  /// Whole seconds since 1970.
  let second: Double
  var batch: UInt64 = 0
  /// Nothing in an old row.
  var derived: Derived?

  /// Reads what is stored of a drill's links, and whatever else its clients may have brought about.
  ///
  /// A link's clicks are found by its scope, and their code is compared. The old rows are asked
  /// for first: what is carried meanwhile is then among the others, and counts once.
  static func all(of links: Links) throws -> [StoredClick] {
    let before = try Tables.rowsIfThere(
      "SELECT \(columns("short_code")) FROM clicks_before WHERE \(before(links)) OR \(agent(links))"
    )
    let stored = try Tables.rows(
      "SELECT \(columns("code")), link, referrer_host, weight, domain, revision, rule FROM visits "
        + "WHERE (\(now(links)) OR \(agent(links))) AND \(isOfLink)"
    ).map { try StoredClick($0) }
    var carried: [String: Int] = [:]
    for row in stored { carried["\(row.batch) \(row.id)", default: 0] += 1 }
    let left = try (before ?? []).map { try StoredClick($0) }.filter { row in
      let isCarried = carried["\(row.batch) \(row.id)", default: 0] > 0
      if isCarried { carried["\(row.batch) \(row.id)", default: 0] -= 1 }
      return !isCarried
    }
    return stored + left
  }

  /// How many different ones there are of a drill's links; 0 when ClickHouse can't be asked.
  static func count(of links: Links) -> Int {
    func count(_ questions: [String]) throws -> Int? {
      let all = questions.joined(separator: " UNION ALL ")
      let rows = try Tables.rowsIfThere("SELECT uniqExact(event_id) FROM (\(all))")
      return rows.map { $0.first?.first.flatMap { Int($0) } ?? 0 }
    }
    let visits = "SELECT event_id FROM visits WHERE \(now(links)) AND \(isOfLink)"
    let clicks = "SELECT event_id FROM clicks_before WHERE \(before(links))"
    return (try? count([visits, clicks]) ?? count([visits])) ?? 0
  }

  private static func columns(_ code: String) -> String {
    "lower(hex(event_id)), \(code), ip_address, hex(user_agent), hex(referrer), "
      + "toUInt32(timestamp), batch"
  }

  private static func now(_ links: Links) -> String {
    "(\(links.condition(on: "link")) OR code LIKE '\(links.prefix)%')"
  }

  /// Visits without a link are stored, too: the drills' clients ask for codes that no link has.
  private static let isOfLink = "link NOT IN (2, 3, 4)"

  private static func before(_ links: Links) -> String {
    let warm = links.warm.map { "'\($0)'" }.joined(separator: ",")
    return "(short_code IN (\(warm)) OR short_code LIKE '\(links.prefix)%')"
  }

  private static func agent(_ links: Links) -> String { "user_agent LIKE '\(links.agent)%'" }
}

extension StoredClick {
  fileprivate init(_ fields: [String]) throws {
    guard fields.count == 7 || fields.count == 13, let second = Double(fields[5]),
      let batch = UInt64(fields[6])
    else { throw DrillError("ClickHouse says: \(fields)") }
    self.init(
      id: fields[0],
      click: Oracle.Expected(
        code: fields[1], address: fields[2], userAgent: Self.text(fields[3]),
        referrer: Self.text(fields[4])), second: second, batch: batch)
    guard fields.count == 13, let scope = UInt64(fields[7]), let weight = Int(fields[9]),
      let domain = UInt32(fields[10]), let revision = UInt32(fields[11]),
      let rule = UInt32(fields[12])
    else { return }
    derived = Derived(
      scope: scope, referrerHost: fields[8], weight: weight,
      state: .init(domain: domain, revision: revision, rule: rule))
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
