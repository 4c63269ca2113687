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
  ///
  /// 18.16 renames the directory of the data first. A server that was killed then has the data of an
  /// earlier draft under the name, and no table there: it is attached, and this draft is dropped.
  ///
  /// - Parameters:
  ///   - draft: The name that it has.
  ///   - name: Its name from now on.
  ///   - definition: Of its columns and engine.
  /// - Throws: When the server refuses it or can't be asked.
  func rename(
    _ draft: String, to name: String, _ definition: SQL
  ) throws(ClickHouseError) {
    do throws(ClickHouseError) {
      try execute("RENAME TABLE \(identifier: draft) TO \(identifier: name)")
      return
    } catch {
      switch error.cause {
      case .refused(.tableAlreadyExists): break
      case .refused(.directoryAlreadyExists):
        try execute("ATTACH TABLE \(identifier: name) \(definition)")
      default: throw error
      }
    }
    try execute("DROP TABLE IF EXISTS \(identifier: draft)")
  }
}
