import ClickHouse

extension Client {
  /// The names of tables of this database that begin with a text.
  func tables(startingWith prefix: String) throws(ClickHouseError) -> [String] {
    try select(
      """
      SELECT name FROM system.tables WHERE database = \(address.database)
      AND substring(name, 1, \(prefix.utf8.count)) = \(prefix)
      """
    ).compactMap(\.first)
  }

  /// Gives a table its name; where another process was faster, this one is dropped.
  func rename(_ draft: String, to name: String) throws(ClickHouseError) {
    do throws(ClickHouseError) {
      try execute("RENAME TABLE \(identifier: draft) TO \(identifier: name)")
    } catch {
      guard error.cause == .refused(.tableAlreadyExists) else { throw error }
      try execute("DROP TABLE IF EXISTS \(identifier: draft)")
    }
  }
}
