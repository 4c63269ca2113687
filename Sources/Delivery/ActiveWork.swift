package import Postgres

/// Work that the active dispatcher does beside its announcements, over its own session.
///
/// It runs between two rounds of announcements, which wait meanwhile: a turn takes a fraction of a second.
package protocol ActiveWork: AnyObject {
  /// Begins anew, for a dispatcher that has become the active one.
  func reset()

  /// Does a piece of the work when it is time to.
  ///
  /// - Parameters:
  ///   - connection: The session that has the lock; its statements have `timeoutMilliseconds`.
  ///   - now: By the clock of the machine's start, in milliseconds.
  /// - Returns: Whether there is more to do at once.
  /// - Throws: When PostgreSQL fails; the session is closed then.
  func turn(on connection: Connection, at now: Int64) throws(PostgresError) -> Bool
}

extension ActiveWork {
  /// The limit of one statement, in milliseconds.
  package static var timeoutMilliseconds: Int { DispatcherSession.timeout }
}
