import ClickHouse

/// ClickHouse's tables that keep rows: what they are, and what is in them.
struct ClickTables {
  /// A question may read all clicks.
  static let timeout = 86_400_000

  let client: Client

  /// The names of all tables that keep rows.
  func names() throws -> [String] {
    try client.select(
      """
      SELECT name FROM system.tables
      WHERE database = \(client.address.database) AND engine LIKE '%MergeTree' ORDER BY name
      """
    ).compactMap(\.first)
  }

  /// The names of those that have rows.
  func filled() throws -> [String] {
    try client.select(
      """
      SELECT table FROM system.parts WHERE active AND database = \(client.address.database)
      GROUP BY table HAVING sum(rows) > 0 ORDER BY table
      """
    ).compactMap(\.first)
  }

  /// The statement that made a table, from its first bracket on.
  func definition(of table: String) throws -> String {
    let text = try client.select("SHOW CREATE TABLE \(identifier: table)").first?.first ?? ""
    guard let bracket = text.firstIndex(of: "(") else {
      throw BackupError(Outcome.refused, "ClickHouse doesn't tell what the table \(table) is")
    }
    return String(text[bracket...])
  }

  /// A sum over a table's rows that no merge changes.
  func check(_ table: String) throws -> String {
    let columns = try client.select(
      """
      SELECT name FROM system.columns WHERE database = \(client.address.database)
      AND table = \(table) AND type LIKE 'AggregateFunction(%'
      """
    ).compactMap(\.first)
    let sum: SQL =
      columns.contains("clicks")
      ? "sumMerge(clicks)" : columns.contains("last_batch") ? "maxMerge(last_batch)" : "count()"
    return try number("SELECT \(sum) FROM \(identifier: table)")
  }

  /// The answer to a question for one number.
  func number(_ question: SQL) throws -> String {
    try client.select(question, timeout: Self.timeout).first?.first ?? ""
  }

  /// The conditions by which a table is read in parts, with a name for each; one without a condition for
  /// most tables.
  ///
  /// A part is what the server finds without reading its neighbours: a month of visits, and a day of the
  /// clicks from before the seam.
  func parts(of table: String) throws -> [(name: String, condition: SQL)] {
    guard ["visits", "clicks_before"].contains(table) else { return [("", "1")] }
    let partitions = try client.select(
      """
      SELECT DISTINCT partition FROM system.parts
      WHERE active AND database = \(client.address.database) AND table = \(table) ORDER BY partition
      """
    ).compactMap(\.first)
    if table == "clicks_before" {
      return partitions.map { ("." + $0, "ingest_day = toDate(\($0))") }
    }
    let months = Set(
      partitions.compactMap { text in
        Int(String(text.drop { !$0.isNumber }.prefix { $0.isNumber }))
      })
    return months.sorted().map { (".\($0)", "toYYYYMM(ingest_day) = \($0)") }
  }
}
