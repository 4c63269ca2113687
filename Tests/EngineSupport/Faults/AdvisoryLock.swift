import Foundation
import Postgres
import Synchronization
import TestSupport

/// Advisory lock 4711 of a database, for which a trigger waits: so a statement stops at a known place.
package struct AdvisoryLock {
  private let admin: Postgres.Connection

  package init(_ dsn: String) throws {
    admin = try Postgres.Connection(
      ConnectionOptions(
        dsn: dsn, applicationName: "test-admin", statementTimeoutMilliseconds: 0,
        lockTimeoutMilliseconds: 0), timeoutMilliseconds: 20_000)
    _ = try admin.executeOnce(
      "SELECT pg_advisory_lock(4711)", "lock", timeoutMilliseconds: 20_000)
  }

  /// Whether a session comes to wait for this kind of lock.
  ///
  /// It is `advisory`, or `transactionid` for a row that another transaction is changing.
  package func isWaitedFor(_ event: String) -> Bool {
    eventually(seconds: 30) { isWaitedForNow(event) }
  }

  package func isWaitedForNow(_ event: String) -> Bool {
    (try? admin.executeOnce(
      """
      SELECT 1 FROM pg_stat_activity
      WHERE wait_event = \(event) AND datname = current_database()
      """, "look", timeoutMilliseconds: 20_000
    ).count) == 1
  }

  package func release() { admin.close() }

  /// Runs `body` while another thread holds the lock, and does harm once a session waits for it.
  ///
  /// - Parameters:
  ///   - dsn: The database.
  ///   - harm: Runs beside `body`; may release the lock, which ends with it at the latest.
  ///   - body: Has the statement that waits.
  /// - Returns: The result of `body`.
  /// - Throws: The error of `body`; `Unseen` when nothing waited for the lock, or `harm` failed.
  package static func held<Result>(
    on dsn: String, untilWaitedFor harm: @escaping @Sendable (AdvisoryLock) throws -> Void,
    running body: () throws -> Result
  ) throws -> Result {
    let (isLocked, isOver) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let wasSeen = Mutex(false)
    Thread.detachNewThread {
      defer { isOver.signal() }
      guard let lock = try? AdvisoryLock(dsn) else { return }
      isLocked.signal()
      let isDone = lock.isWaitedFor("advisory") && (try? harm(lock)) != nil
      wasSeen.withLock { $0 = isDone }
    }
    guard isLocked.wait(timeout: .now() + 30) == .success else { throw Unseen.lock }
    let result = try body()
    guard isOver.wait(timeout: .now() + 60) == .success, wasSeen.withLock(\.self) else {
      throw Unseen.wait
    }
    return result
  }

  /// Runs a change whose first attempt waits for the lock and loses its connection there.
  ///
  /// The second attempt must wait for the first one's transaction; then the lock is released.
  package static func losingAttempt<Result>(
    on postgres: ProxiedPostgres, _ body: () throws -> Result
  ) throws -> Result {
    let proxy = postgres.proxy
    return try held(
      on: postgres.database.dsn,
      untilWaitedFor: { lock in
        proxy.cut()
        guard lock.isWaitedFor("transactionid") else { throw Unseen.wait }
        lock.release()
      }, running: body)
  }

  /// What didn't come about.
  package enum Unseen: Error {
    case lock
    case wait
  }
}
