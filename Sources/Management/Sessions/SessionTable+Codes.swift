package import Access
import Hashing
import Postgres

/// Codes that begin a session without the key itself.
extension SessionTable {
  /// Makes a code for a key.
  ///
  /// - Returns: When it ends, in milliseconds since 1970; nil when the key doesn't work.
  package mutating func make(_ code: Token, for key: Int) throws(TableError) -> Int64? {
    _ = try connection.execute(
      """
      DELETE FROM sign_in_codes WHERE expires_at <= clock_timestamp() OR key = \(key) AND hash NOT IN (
        SELECT hash FROM sign_in_codes WHERE key = \(key)
        ORDER BY created_at DESC LIMIT \(SessionLimits.codeCount - 1))
      """, "make room for a code", timeoutMilliseconds: timeout)
    hasChanged = true
    // The lock lets a change of the key wait, which deletes its codes.
    return try connection.execute(
      """
      WITH working AS (
        SELECT id FROM api_keys WHERE id = \(key) AND disabled_at IS NULL
          AND (expires_at IS NULL OR expires_at > clock_timestamp())
        FOR NO KEY UPDATE)
      INSERT INTO sign_in_codes (hash, key, expires_at)
      SELECT \(bytes: code.hash.bytes), id,
        clock_timestamp() + \(SessionLimits.codeSeconds) * interval '1 second'
      FROM working RETURNING expires_at
      """, "make a code", timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try row.milliseconds() }
  }

  /// Uses a code up.
  ///
  /// Its key is locked first, as by who changes the key and then takes its codes back.
  ///
  /// - Returns: The id of its key; nil when the code is unknown, used or too old.
  package mutating func use(_ code: Token) throws(TableError) -> Int? {
    let key = try connection.execute(
      """
      WITH locked AS MATERIALIZED (
        SELECT id FROM api_keys
        WHERE id = (SELECT key FROM sign_in_codes WHERE hash = \(bytes: code.hash.bytes))
        FOR NO KEY UPDATE
      )
      DELETE FROM sign_in_codes USING locked WHERE hash = \(bytes: code.hash.bytes)
        AND key = locked.id AND expires_at > clock_timestamp() RETURNING key
      """, "use a code", timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in Int(try row.integer()) }
    if key != nil { hasChanged = true }
    return key
  }
}
