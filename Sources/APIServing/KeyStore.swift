package import Access
package import Hashing
import Postgres
package import Service
package import Sessions

/// The issued API keys and their sessions in PostgreSQL, as one worker asks for them.
///
/// Without PostgreSQL no key is good: a key that was disabled a second ago must not work because an engine
/// is away, and hardly an operation could be done anyway.
package final class KeyStore: KeySource {
  private let session: PostgresSession
  private let timeout: Int
  private var usedKeys = Uses()
  private var usedSessions = Uses()

  package init(_ session: PostgresSession, _ settings: Settings) {
    self.session = session
    timeout = settings.postgresReadTimeoutMilliseconds
  }

  package func find(_ hash: SHA256) throws(AccessFailure) -> Key? {
    try find(
      "look up an API key",
      """
      SELECT hash, \(Self.columns), hash, NULL::bigint, NULL::timestamptz
      FROM api_keys AS k WHERE hash = \(bytes: hash.bytes) AND \(Self.works)
      """, hash)
  }

  package func find(session hash: SHA256) throws(AccessFailure) -> Key? {
    try find(
      "look up a session",
      """
      SELECT s.hash, \(Self.columns), k.hash, s.id, s.ends_at
      FROM sessions AS s JOIN api_keys AS k ON k.id = s.key
      WHERE s.hash = \(bytes: hash.bytes) AND s.ends_at > clock_timestamp() AND \(Self.works)
      """, hash)
  }

  /// Runs a statement that finds one key by the hash of what was sent.
  private func find(
    _ operation: String, _ statement: SQL, _ hash: SHA256
  ) throws(AccessFailure) -> Key? {
    do throws(StoreError) {
      let row = try session.read(operation) { connection throws(PostgresError) in
        try connection.execute(statement, operation, timeoutMilliseconds: timeout).first {
          row throws(PostgresError) in (SHA256(stored: try row.bytes()), try Self.key(&row))
        }
      }
      guard let (stored, found) = row, let key = found, stored == hash else { return nil }
      usedKeys.note(Int64(key.id))
      if let session = key.session { usedSessions.note(session.id) }
      return key
    } catch {
      throw .unavailable(retryAfterSeconds: error.retryAfterSeconds)
    }
  }

  /// Notes which keys and sessions were used, once a minute for each; call it about once a second, between
  /// requests.
  ///
  /// A row that is being changed is noted another time: nobody waits for that.
  package func noteUses() {
    let now = SystemClock.bootMilliseconds()
    note(
      usedKeys.due(at: now), "note the use of API keys"
    ) { ids in
      """
      UPDATE api_keys SET last_used_at = clock_timestamp() WHERE id IN (
        SELECT id FROM api_keys WHERE id = ANY(\(ids))
          AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute')
        FOR UPDATE SKIP LOCKED)
      """
    }
    note(
      usedSessions.due(at: now), "note the use of sessions"
    ) { ids in
      """
      UPDATE sessions SET last_seen_at = clock_timestamp(),
        ends_at = least(expires_at, clock_timestamp() + idle_seconds * interval '1 second')
      WHERE id IN (
        SELECT id FROM sessions WHERE id = ANY(\(ids)) AND ends_at > clock_timestamp()
          AND last_seen_at < clock_timestamp() - interval '1 minute'
        FOR UPDATE SKIP LOCKED)
      """
    }
  }

  private func note(_ ids: [Int64], _ operation: String, _ statement: ([Int64]) -> SQL) {
    guard !ids.isEmpty else { return }
    // What isn't noted now is noted with a later use.
    _ = try? session.transaction(operation) { connection throws(PostgresError) in
      try connection.execute(statement(ids), operation, timeoutMilliseconds: timeout).affected
    }
  }

  /// Holds for keys that work.
  private static let works: SQL = """
    k.disabled_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp())
    """

  /// The columns that `key(_:)` reads first, in order.
  private static let columns: SQL = """
    k.id, k.tenant, k.authored_only, k.domain, k.no_orphan_visits, k.scopes, k.rate_limit, k.expires_at
    """

  /// Reads the next columns of a row; nil for a key with a scope that this release doesn't know.
  private static func key(_ row: inout RowReader) throws(PostgresError) -> Key? {
    let (id, tenant) = (try row.integer(), try row.integer())
    var rights = KeyRights(
      isAuthoredOnly: try row.bool(), domain: try row.optionalText(),
      hasNoOrphanVisits: try row.bool())
    let scopes = Set<Scope>(stored: try row.texts())
    rights.rateLimit = try row.optionalInteger().map(Int.init)
    rights.expiresAt = try row.optionalMilliseconds()
    let hash = SHA256(stored: try row.bytes())
    let (session, end) = (try row.optionalInteger(), try row.optionalMilliseconds())
    guard let scopes else { return nil }
    rights.scopes = scopes
    return Key(
      id: Int(id), tenant: Int(tenant), rights: rights, hash: hash,
      session: session.flatMap { id in end.map { KeySession(id: id, endsAt: $0) } })
  }
}
