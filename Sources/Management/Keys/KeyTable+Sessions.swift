import Postgres

/// The sessions of keys.
extension KeyTable {
  /// Ends all sessions of a key, and takes its codes back, after its row was changed.
  ///
  /// Who begins a session or makes a code locks the key's row. So all of them are there by now, or begin none.
  func endSessions(of id: Int) throws(TableError) {
    for table in ["sessions", "sign_in_codes"] {
      _ = try connection.execute(
        "DELETE FROM \(identifier: table) WHERE key = \(id)", "end the sessions of an API key",
        timeoutMilliseconds: timeout)
    }
  }
}
