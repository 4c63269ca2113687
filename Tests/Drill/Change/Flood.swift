import Foundation
import TestSupport

/// Thousands of links that change at once, by the statement that the writer has.
struct Flood {
  private static let count = 10_000
  private static let slice = 1000
  private let prefix: String
  private let began = Date()

  init() throws {
    prefix = "flood" + String(UInt32.random(in: .min ... .max), radix: 36)
    // Numbers that no worker makes.
    let first = UInt64.random(in: 210..<1 << 26) * 20_000
    _ = try ChangingLink.ask(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url)
      SELECT \(first) + n, '\(prefix).' || n, 'https://example.com/flood/0'
      FROM generate_series(1, \(Self.count)) n
      """)
  }

  /// Changes so many, each by one statement with its row of the outbox, in as many seconds at the least.
  func change(links: Int, within seconds: Double) throws {
    let end = Date().addingTimeInterval(seconds)
    for turn in 0..<links / Self.slice {
      let from = turn * Self.slice % Self.count
      _ = try ChangingLink.ask(
        """
        WITH changed AS (
          UPDATE short_urls SET original_url = 'https://example.com/flood/\(turn)'
          WHERE short_code IN
            (SELECT '\(prefix).' || n FROM generate_series(\(from + 1), \(from + Self.slice)) n)
          RETURNING snowflake_id, short_code)
        INSERT INTO outbox (link, slug) SELECT snowflake_id, short_code FROM changed
        """)
    }
    let rest = end.timeIntervalSinceNow
    if rest > 0 { usleep(UInt32(rest * 1_000_000)) }
  }

  /// How many of its changes have not been announced yet.
  func waiting() throws -> Int { try count("AND due_at = '-infinity'") }

  /// How many changes there were a second, and how many wait.
  func told() throws -> String {
    let rate = Double(try count("")) / Date().timeIntervalSince(began)
    return "\(Int(rate)) other changes/s, \(try waiting()) of them waiting at the end"
  }

  private func count(_ condition: String) throws -> Int {
    Int(
      try ChangingLink.ask(
        "SELECT count(*) FROM outbox WHERE slug LIKE '\(prefix).%' \(condition)")) ?? 0
  }
}
