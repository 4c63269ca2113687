package import Access
package import Hashing
import Postgres
package import Service
package import Sessions

/// The issued API keys in PostgreSQL, as one worker asks for them.
///
/// Without PostgreSQL no key is good: a key that was disabled a second ago must not work because an engine
/// is away, and hardly an operation could be done anyway.
package final class KeyStore: KeySource {
  private let session: PostgresSession
  private let timeout: Int
  /// The keys that were used since the last note.
  private var used: Set<Int64> = []
  /// When the use of a key was last noted, on the boot clock.
  private var noted: [Int64: Int64] = [:]

  /// How exactly the last use of a key is told.
  private static let noteMilliseconds: Int64 = 60_000
  /// How many notes are remembered.
  private static let notedLimit = 1000

  package init(_ session: PostgresSession, _ settings: Settings) {
    self.session = session
    timeout = settings.postgresReadTimeoutMilliseconds
  }

  package func find(_ hash: SHA256) throws(AccessFailure) -> Key? {
    let operation = "look up an API key"
    do throws(StoreError) {
      let row = try session.read(operation) { connection throws(PostgresError) in
        try connection.execute(
          """
          SELECT hash, id, tenant, authored_only, domain, no_orphan_visits, scopes, rate_limit, expires_at
          FROM api_keys
          WHERE hash = \(bytes: hash.bytes) AND disabled_at IS NULL
            AND (expires_at IS NULL OR expires_at > clock_timestamp())
          """, operation, timeoutMilliseconds: timeout
        ).first { row throws(PostgresError) in
          (SHA256(stored: try row.bytes()), try Self.key(&row))
        }
      }
      guard let (stored, found) = row, let key = found, stored == hash else { return nil }
      used.insert(Int64(key.id))
      return key
    } catch {
      throw .unavailable(retryAfterSeconds: error.retryAfterSeconds)
    }
  }

  /// Notes which keys were used, once a minute for each; call it about once a second, between requests.
  ///
  /// A key whose row is being changed is noted another time: nobody waits for that.
  package func noteUses() {
    let now = SystemClock.bootMilliseconds()
    let due = used.filter { now >= (noted[$0] ?? 0) + Self.noteMilliseconds }
    used = []
    guard !due.isEmpty else { return }
    if noted.count + due.count > Self.notedLimit { noted = [:] }
    for id in due { noted[id] = now }
    let operation = "note the use of API keys"
    // What isn't noted now is noted with a later use.
    _ = try? session.transaction(operation) { connection throws(PostgresError) in
      try connection.execute(
        """
        UPDATE api_keys SET last_used_at = clock_timestamp() WHERE id IN (
          SELECT id FROM api_keys WHERE id = ANY(\(due.sorted()))
            AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute')
          FOR UPDATE SKIP LOCKED)
        """, operation, timeoutMilliseconds: timeout
      ).affected
    }
  }

  /// Reads the next columns of a row; nil for a key with a scope that this release doesn't know.
  private static func key(_ row: inout RowReader) throws(PostgresError) -> Key? {
    let (id, tenant) = (try row.integer(), try row.integer())
    var rights = KeyRights(
      isAuthoredOnly: try row.bool(), domain: try row.optionalText(),
      hasNoOrphanVisits: try row.bool())
    let scopes = Set<Scope>(stored: try row.texts())
    rights.rateLimit = try row.optionalInteger().map(Int.init)
    rights.expiresAt = try row.optionalMilliseconds()
    guard let scopes else { return nil }
    rights.scopes = scopes
    return Key(id: Int(id), tenant: Int(tenant), rights: rights)
  }
}
