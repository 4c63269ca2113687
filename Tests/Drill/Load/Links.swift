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

  private let name: String
  /// More than any drill visits.
  private static let coldCount = 20_000

  /// Makes them; the cold ones in PostgreSQL alone, because creation would tell Redis of them.
  init(of drill: String) throws {
    name = drill
    let nonce = String(UInt32.random(in: .min ... .max), radix: 16)
    prefix = "d\(nonce)"
    warm = try (0..<2).map { try Self.shorten("https://example.com/\(drill)/\($0)") }
    // Numbers of the first minutes of 2024: no worker makes them, and none goes by them.
    let first = Int64.random(in: 1..<1 << 26) * 20_000
    try Command.check(
      "/usr/bin/psql",
      [
        "-X", "-q", "-v", "ON_ERROR_STOP=1", try TestStack.value("PG_DSN"), "-c",
        """
        INSERT INTO short_urls (snowflake_id, short_code, original_url)
        SELECT \(first) + n, '\(prefix)c' || n, 'https://example.com/cold/\(prefix)c' || n
        FROM generate_series(0, \(Self.coldCount - 1)) AS n
        """,
      ])
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

  /// Makes a link, however long the stack takes to be ready for that, and warms it.
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
    _ = eventually(seconds: 10) {
      (try? site.request("HEAD", "/\(code)"))?.status == 301
    }
    return code
  }
}
