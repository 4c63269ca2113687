import CPostgres

extension Connection {
  /// What a server keeps in place of a password (SCRAM-SHA-256), for `CREATE ROLE`
  /// (`PQencryptPasswordConn`).
  ///
  /// A statement may get into the server's log; nobody can sign in by what this one contains.
  package func verifier(
    of password: String, for role: String
  ) throws(PostgresError) -> String {
    let text = withRaw { PQencryptPasswordConn($0, password, role, "scram-sha-256") }
    guard let text else {
      let message = withRaw { raw in raw.map(Conversation.message) ?? "connection is closed" }
      throw PostgresError(.connectionDoesNotExist, message, during: "hash a password")
    }
    defer { PQfreemem(text) }
    return String(cString: text)
  }
}
