import TestSupport

/// A hundred thousand links of an estate: number 1 is the oldest, and each thousandth has the tag `some`.
final class ManyLinks {
  static let count = 100_000
  let owner: Person
  private let tenant: String
  private let first = Int.random(in: 1...1 << 40)

  /// Stores them, and calls `meanwhile` when the oldest hundred are there.
  init(_ meanwhile: (ManyLinks) throws -> Void) throws {
    let estate = try Estate()
    owner = try estate.person()
    tenant = "(SELECT id FROM tenants WHERE name = '\(estate.name)')"
    try store(1...100)
    try meanwhile(self)
    try store(101...Self.count)
    try sql(
      "INSERT INTO tags (tenant, name) VALUES (\(tenant), 'some')",
      """
      INSERT INTO short_url_tags
      SELECT \(first) + n, (SELECT id FROM tags WHERE tenant = \(tenant))
      FROM generate_series(1000, \(Self.count), 1000) AS n
      """,
      // Else counts read rows that no vacuum has seen.
      "VACUUM ANALYZE short_urls")
  }

  deinit { _ = try? sql("DELETE FROM short_urls WHERE tenant = \(tenant)") }

  func code(_ number: Int) -> String { "\(owner.code("m"))-\(number)" }

  private func store(_ numbers: ClosedRange<Int>) throws {
    try sql(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at, title, tenant)
      SELECT \(first) + n, '\(code(0).dropLast())' || n, 'https://example.com/' || md5(n::text),
        timestamptz '2026-01-01' + n * interval '1 minute', 'Page ' || n, \(tenant)
      FROM generate_series(\(numbers.lowerBound), \(numbers.upperBound)) AS n
      """)
  }

  private func sql(_ statements: String...) throws {
    try Command.check(
      "/usr/bin/psql",
      ["-Xq", "-v", "ON_ERROR_STOP=1", TestStack.value("PG_DSN")]
        + statements.flatMap { ["-c", $0] })
  }
}
