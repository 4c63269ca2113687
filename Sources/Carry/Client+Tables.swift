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

  /// Renames a table; if another process was faster, drops this one.
  ///
  /// 18.16 renames the data's directory first. If the server is killed then, the data of an earlier
  /// draft has the new name, and there is no table. Then that data is attached, and this draft is
  /// dropped.
  ///
  /// - Parameters:
  ///   - draft: Its present name.
  ///   - name: Its new name.
  ///   - definition: Its columns and engine.
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
