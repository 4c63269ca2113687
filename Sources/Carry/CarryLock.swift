package import Postgres
import Service

/// Allows one carry at a time, over all hosts that share a PostgreSQL database.
///
/// It is an advisory lock of a session, so it ends with its holder or with the server. It doesn't
/// protect the clicks; the gate does. A holder that was stopped for long may not know that its lock
/// is gone.
package final class CarryLock {
  /// The key of the advisory lock: "swcarry" in ASCII.
  private static let key: Int64 = 0x0073_7763_6172_7279
  private static let timeout = 5000
  /// How long the session is trusted without an answer of the server, in milliseconds.
  private static let trust: Int64 = 10_000

  private let options: ConnectionOptions
  private var connection: Connection?
  private var isHeld = false
  private var heardAt: Int64 = 0

  package init(_ options: ConnectionOptions) {
    self.options = options
  }

  /// Takes the lock if it is free.
  ///
  /// - Returns: False while another carry has it.
  /// - Throws: When PostgreSQL can't be asked.
  package func take() throws(PostgresError) -> Bool {
    if try stands() { return true }
    if connection == nil {
      connection = try Connection(options, timeoutMilliseconds: Self.timeout)
    }
    guard let connection else { return false }
    isHeld = try connection.executeOnce(
      "SELECT pg_try_advisory_lock(\(Self.key))", "take the lock of carry",
      timeoutMilliseconds: Self.timeout
    ).one { row throws(PostgresError) in try row.bool() }
    heardAt = SystemClock.bootMilliseconds()
    return isHeld
  }

  /// Whether the lock has been held continuously; the server is asked now and then.
  package func stands() throws(PostgresError) -> Bool {
    guard let connection, connection.isUsable else {
      release()
      return false
    }
    let now = SystemClock.bootMilliseconds()
    guard isHeld, now >= heardAt + Self.trust else { return isHeld }
    do throws(PostgresError) {
      _ = try connection.executeOnce(
        "SELECT 1", "see whether the lock of carry is held", timeoutMilliseconds: Self.timeout)
    } catch {
      release()
      throw error
    }
    heardAt = now
    return true
  }

  /// The session, for other questions; nil when the lock isn't held.
  var session: Connection? { isHeld ? connection : nil }

  private func release() {
    connection?.close()
    connection = nil
    isHeld = false
  }
}
