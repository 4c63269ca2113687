import ClickHouse

/// A RENAME of a migration, carried out once however often it is tried.
///
/// It has no `IF EXISTS`: a source that is gone, or a target that is there, means that it was carried out.
/// 18.16 renames the directory of the data first. A server that was killed then and started anew has an
/// empty table of the source's name, and the data without a table. So the data are attached under the
/// target's name. The empty table first gets a name that no consumer knows (`clicks_since`): from then on
/// nothing is stored there, and what was stored there before is not overlooked.
struct Rename {
  private let client: Client
  private let statement: String
  private let source: String
  private let target: String
  /// The name of the table that a killed server has made anew.
  private var since: String { source + "_since" }

  /// Nil for any other statement.
  init?(_ statement: String, _ client: Client) {
    let words = statement.split { $0 == " " || $0 == "\n" }.map(String.init)
    guard
      let start = words.indices.first(where: { words[$0...].starts(with: ["RENAME", "TABLE"]) }),
      words.count == start + 5, words[start + 3] == "TO"
    else { return nil }
    self.client = client
    self.statement = statement
    source = words[start + 2]
    target = words[start + 4]
  }

  /// Carries it out.
  ///
  /// - Returns: The table of rows that were stored under the source's name after the server was killed;
  ///   nil when there are none. With such rows it isn't done.
  func carryOut() throws(ClickHouseError) -> String? {
    if try !exists(since) {
      do throws(ClickHouseError) {
        try client.execute(SQL(unsafe: statement), timeout: ClickHouseMigrations.timeout)
        return nil
      } catch {
        guard error.cause == .refused(.directoryAlreadyExists) else {
          if error.tellsOfEarlierRename { return nil }
          throw error
        }
      }
      try client.execute("RENAME TABLE \(identifier: source) TO \(identifier: since)")
    }
    try client.execute(
      "ATTACH TABLE IF NOT EXISTS \(identifier: target) \(try definition())",
      timeout: ClickHouseMigrations.timeout)
    let rows = try client.select("SELECT count() FROM \(identifier: since)")
    guard rows.first?.first == "0" else { return since }
    try client.execute("DROP TABLE \(identifier: since)")
    return nil
  }

  private func exists(_ table: String) throws(ClickHouseError) -> Bool {
    try client.select("EXISTS TABLE \(identifier: table)").first?.first == "1"
  }

  /// The columns and the engine, as the server has them.
  private func definition() throws(ClickHouseError) -> SQL {
    let text = try client.select("SHOW CREATE TABLE \(identifier: since)").first?.first ?? ""
    return SQL(unsafe: String(text.drop { $0 != "(" }))
  }
}

extension ClickHouseError {
  fileprivate var tellsOfEarlierRename: Bool {
    cause == .refused(.unknownTable) || cause == .refused(.tableAlreadyExists)
  }
}
