import Foundation
import TestSupport

/// The links that a drill's clients follow, and the codes of none.
struct Links: Sendable {
  /// Two that the workers know.
  let warm: [String]
  /// The one that is asked for again and again and isn't there.
  var missing: String { prefix + "u" }
  /// How every code begins that is only this drill's, but for the warm ones.
  let prefix: String
  /// What each user agent begins with.
  var agent: String { "drill \(prefix) " }

  let managed: ManagedLinks
  let edited: EditedLinks
  let limited: LimitedLinks

  private let name: String
  /// The ids of the warm links, and of the first cold one.
  private let warmIDs: [UInt64]
  private let firstID: UInt64
  /// More than any drill visits.
  static let coldCount = 20_000
  /// Scopes from here on are of names that no link has.
  static let firstName: UInt64 = 1 << 63

  /// Makes them; the cold ones in PostgreSQL alone, because creation would tell Redis of them.
  init(of drill: String) throws {
    name = drill
    // With at least two characters more none of them reads like a number that a worker makes.
    prefix = "d" + String(format: "%08x", UInt32.random(in: .min ... .max))
    warm = try (0..<2).map { try Self.shorten("https://example.com/\(drill)/\($0)") }
    // Numbers of the first minutes of 2024: no worker makes them, and none goes by them. All are
    // above those that are reserved, which no link has.
    firstID = UInt64.random(in: 105..<1 << 25) * 40_000
    try Operator.ask(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url)
      SELECT \(firstID) + n, '\(prefix)c' || n, 'https://example.com/cold/\(prefix)c' || n
      FROM generate_series(0, \(Self.coldCount - 1)) AS n
      """)
    warmIDs = try warm.map { code in
      let rows = try Operator.ask(
        "SELECT snowflake_id FROM short_urls WHERE short_code = '\(code)'")
      guard let id = rows.first.flatMap({ UInt64($0[0]) }) else {
        throw DrillError("PostgreSQL has no link \(code)")
      }
      return id
    }
    let url = "https://example.com/\(drill)/"
    limited = try LimitedLinks(prefix: prefix, firstID: firstID + UInt64(Self.coldCount))
    managed = try ManagedLinks(prefix: prefix, url: url)
    edited = try EditedLinks(
      plain: try Self.shorten(url + "0/0"), prefix: prefix, host: managed.host, url: url)
  }

  /// Lets the workers and Redis know the warm ones.
  func warmUp() throws {
    let site = try HTTPClient.site()
    for code in warm + managed.codes {
      _ = eventually(seconds: 10) { (try? site.request("HEAD", "/\(code)"))?.status == 301 }
    }
  }

  /// What the clicks of a code are counted for; nil for a code that no link has.
  func scope(of code: String) -> UInt64? {
    if let index = warm.firstIndex(of: code) { return warmIDs[index] }
    let cold = prefix + "c"
    guard code.hasPrefix(cold), let number = UInt64(code.dropFirst(cold.count)),
      number < Self.coldCount
    else { return nil }
    return firstID + number
  }

  /// That a column is a scope of these links, or one of some others.
  func condition(on column: String, also others: [String] = []) -> String {
    let ids = warmIDs + managed.ids + edited.links.map(\.id)
    let list = (ids.map(String.init) + others).joined(separator: ",")
    let last = firstID + UInt64(Self.coldCount + LimitedLinks.count) - 1
    return "(\(column) IN (\(list)) OR \(column) BETWEEN \(firstID) AND \(last))"
  }

  /// The cold link of a number; nil when there are no more.
  func cold(_ number: Int) -> String? {
    number < Self.coldCount ? "\(prefix)c\(number)" : nil
  }

  /// A code of a number that no link has.
  func unknown(_ number: Int) -> String { "\(prefix)u\(number)" }

  /// Where a link leads.
  func destination(of code: String) -> String {
    if let index = warm.firstIndex(of: code) { return "https://example.com/\(name)/\(index)" }
    return "https://example.com/cold/\(code)"
  }

  /// Makes a link, however long the stack takes to be ready for that.
  private static func shorten(_ url: String) throws -> String {
    let site = try HTTPClient.site()
    var code: String?
    _ = eventually(seconds: 60) {
      guard let answer = try? site.post("/shorten", json: #"{"original_url":"\#(url)"}"#),
        answer.status == 201
      else { return false }
      code = try? answer.json["short_code"].text
      return code != nil
    }
    guard let code else { throw DrillError("no link could be made") }
    return code
  }
}
