package import Access
import Links
import Lookup
import Postgres
package import Service
package import Sessions

/// Reads and changes links on behalf of a caller, who sees only what their visibility allows.
///
/// A change is a unit: one transaction in which each changed link has its row in `outbox`. It also
/// enters the unit's id into `units`. When the answer to the commit is lost, that id tells the
/// outcome. So each unit happens once or not at all. After that all hosts are told.
package final class Units {
  private let session: PostgresSession
  private let redis: RedisSession
  private let base: BaseURL
  private let timeout: Int
  private let listTimeout: Int
  private let unannounced: (StoreError) -> Void

  /// - Parameters:
  ///   - session: The database of the links.
  ///   - redis: The Redis that gets the announcements.
  ///   - settings: The time limits, and the beginning of short URLs.
  ///   - unannounced: Called with the reason when a unit could not be announced: the dispatcher
  ///     will do it.
  package init(
    _ session: PostgresSession, _ redis: RedisSession, _ settings: Settings,
    unannounced: @escaping (StoreError) -> Void = { _ in }
  ) {
    self.session = session
    self.redis = redis
    self.unannounced = unannounced
    base = settings.baseURL
    // The server ends a slow statement or a wait for a lock first, by its own limit. So the connection stays
    // open, and neither a slow list nor a locked row counts as a failure of PostgreSQL.
    timeout =
      max(settings.postgresWriteTimeoutMilliseconds, settings.postgresListTimeoutMilliseconds)
      + settings.postgresReadTimeoutMilliseconds
    listTimeout = settings.postgresListTimeoutMilliseconds
  }

  /// Reads what the caller can see; `body` runs again when the connection is lost.
  ///
  /// - Throws: `unavailable`.
  package func read<Result>(
    _ operation: String, for caller: Caller,
    _ body: (Unit) throws(TableError) -> Result
  ) throws(ManagementFailure) -> Result {
    do throws(StoreError) {
      return try session.read(operation) { connection throws(TableError) in
        try body(unit(connection, caller))
      }
    } catch {
      throw .unavailable(error)
    }
  }

  /// Reads a list, which may be slow by what is asked for; `body` runs again when the connection is lost.
  ///
  /// A request's statements have a time limit of their own, all together, since the worker's other requests
  /// wait behind them. Nobody waits behind the command line.
  ///
  /// - Throws: `tooSlow` when the time is over, else `unavailable`.
  package func readList<Result>(
    _ operation: String, for caller: Caller,
    _ body: (Unit) throws(TableError) -> Result
  ) throws(ManagementFailure) -> Result {
    do throws(StoreError) {
      return try session.read(operation) { connection throws(TableError) in
        if caller.isOfCommandLine { return try body(unit(connection, caller)) }
        return try connection.transaction(operation, timeoutMilliseconds: timeout) {
          () throws(TableError) in
          let time = ListTime(connection, milliseconds: listTimeout)
          try time.limitNext()
          return try body(unit(connection, caller, within: time))
        }
      }
    } catch {
      throw error.kind == .timeout ? .tooSlow(error) : .unavailable(error)
    }
  }

  /// Changes what the caller can see, as one unit that is durable once this returns.
  ///
  /// When the connection is lost before the commit was sent, nothing has changed, and `body` runs
  /// once more on a new one. It also runs once more when the commit turns out not to have happened.
  ///
  /// - Parameters:
  ///   - operation: Its name.
  ///   - caller: The caller.
  ///   - body: The changes. It may run twice; only one run takes effect.
  /// - Returns: The result of `body` in the committed run.
  /// - Throws: `unavailable` when nothing was changed, `inDoubt` when that is unknown, `tenantGone`.
  package func perform<Result>(
    _ operation: String, for caller: Caller,
    _ body: (inout Unit) throws(TableError) -> Result
  ) throws(ManagementFailure) -> Result {
    var run = UnitRun<Result>(operation, timeoutMilliseconds: timeout)
    let done: UnitRun<Result>.Done
    do throws(StoreError) {
      done = try session.transaction(operation) { connection throws(TableError) in
        try commit(&run, connection, caller, body)
      } settle: { connection throws(TableError) in
        if let done = try run.settle(on: connection) { return done }
        return try commit(&run, connection, caller, body)
      }
    } catch {
      if run.isOfNoTenant { throw .tenantGone }
      throw run.isInDoubt ? .inDoubt(error) : .unavailable(error)
    }
    announce(done.changed)
    return done.result
  }

  private func commit<Result>(
    _ run: inout UnitRun<Result>, _ connection: Connection, _ caller: Caller,
    _ body: (inout Unit) throws(TableError) -> Result
  ) throws(TableError) -> UnitRun<Result>.Done {
    try run.commit(on: connection) { () throws(TableError) in
      var unit = unit(connection, caller)
      let result = try body(&unit)
      return .init(result: result, changed: unit.changed, hasChanged: unit.hasChanged)
    }
  }

  private func unit(
    _ connection: Connection, _ caller: Caller, within time: ListTime? = nil
  ) -> Unit {
    let shortURLs = ShortURLTable(
      connection, for: caller, base: base, time, timeoutMilliseconds: timeout)
    return Unit(
      shortURLs: shortURLs,
      tags: TagTable(
        connection, for: caller, isThere: shortURLs.isThere, time, timeoutMilliseconds: timeout),
      domains: DomainTable(
        connection, for: caller, isThere: shortURLs.isThere, time, timeoutMilliseconds: timeout),
      keys: KeyTable(connection, for: caller, base: base, timeoutMilliseconds: timeout),
      sessions: SessionTable(connection, for: caller, timeoutMilliseconds: timeout),
      tenants: TenantTable(connection, timeoutMilliseconds: timeout))
  }

  private func announce(_ keys: [LinkKey]) {
    do throws(StoreError) {
      try Announcement.announce(keys, redis)
    } catch {
      unannounced(error)
    }
  }
}
