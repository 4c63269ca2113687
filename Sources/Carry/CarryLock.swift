import Postgres
import Service

/// Lets one carry at a time work, over all hosts that share a PostgreSQL database.
///
/// It is an advisory lock of a session, so it ends with its holder, or with the server. The gate is
/// what protects the clicks: a holder that was stopped for long may not know that its lock is gone.
final class CarryLock {
  /// Ours among advisory locks: "swcarry" in ASCII.
  private static let key: Int64 = 0x0073_7763_6172_7279
  private static let timeout = 5000
  /// How long the session is taken for alive without a word from the server, in milliseconds.
  private static let trust: Int64 = 10_000

  private let options: ConnectionOptions
  private var connection: Connection?
  private var isHeld = false
  private var heardAt: Int64 = 0

  init(_ options: ConnectionOptions) {
    self.options = options
  }

  /// Takes the lock, or makes sure that it is still held.
  ///
  /// - Returns: False while another carry has it.
  /// - Throws: When PostgreSQL can't be asked.
  func take() throws(PostgresError) -> Bool {
    let connection = try session()
    let now = SystemClock.bootMilliseconds()
    if isHeld, now < heardAt + Self.trust { return true }
    do throws(PostgresError) {
      isHeld = try isHeld ? stands(connection) : isFree(connection)
    } catch {
      release()
      throw error
    }
    heardAt = now
    return isHeld
  }

  /// The session, for other questions; it keeps the lock.
  func session() throws(PostgresError) -> Connection {
    if let connection, connection.isUsable { return connection }
    release()
    let opened = try Connection(options, timeoutMilliseconds: Self.timeout)
    connection = opened
    return opened
  }

  func release() {
    connection?.close()
    connection = nil
    isHeld = false
  }

  private func isFree(_ connection: Connection) throws(PostgresError) -> Bool {
    try connection.executeOnce(
      "SELECT pg_try_advisory_lock(\(Self.key))", "take the lock of carry",
      timeoutMilliseconds: Self.timeout
    ).one { row throws(PostgresError) in try row.bool() }
  }

  private func stands(_ connection: Connection) throws(PostgresError) -> Bool {
    _ = try connection.executeOnce(
      "SELECT 1", "see whether the lock of carry is held", timeoutMilliseconds: Self.timeout)
    return true
  }
}
