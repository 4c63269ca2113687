import ClickHouse
import Delivery
import Links
package import Logging
package import Metrics
package import Postgres
package import Service

/// Copies the totals of links from ClickHouse into PostgreSQL, for lists and single links.
///
/// It is work of the active dispatcher. Once a second it copies the totals of links with clicks in batches
/// above the mark. Totals are set and not added, so all of it may be repeated. At first, after a carry and
/// with another database, it goes through all links instead.
///
/// While ClickHouse or the table can't be used the totals stand still. The announcements of changes wait for
/// one turn at a time, and for none in the pause after a failure. A turn waits for the answers of ClickHouse
/// for less than a second (`ClickTotals.turnLimit`), and as long for a lock of PostgreSQL.
package final class TotalsCopy: ActiveWork {
  private static let roundMilliseconds: Int64 = 1000
  private static let pauses: ClosedRange<Int64> = 1000...30_000

  /// One way through the totals, and the mark to note at its end.
  private struct Pass {
    enum Way {
      case all(ScopeWindow)
      case changes(since: Int64, after: UInt64 = Scope.firstLink.rawValue - 1)
    }

    var way: Way
    let mark: TotalsMark
  }

  private let counted: ClickTotals
  private let log: Logger
  private let meter: Meter
  private var pass: Pass?
  private var nextAt: Int64 = 0
  private var pause = pauses.lowerBound
  private var isFailing = false
  private var deletions = DeletionWatch()

  /// - Throws: When CLICKHOUSE_URL can't be read.
  package init(_ settings: Settings, log: Logger, meter: Meter) throws {
    counted = try ClickTotals(settings)
    self.log = log
    self.meter = meter
  }

  /// The pause after a failure goes on: the failure may be why the dispatcher begins anew.
  package func reset() { pass = nil }

  package func turn(on connection: Connection, at now: Int64) throws(PostgresError) -> Bool {
    guard now >= nextAt else { return false }
    let table = LinkVisitsTable(connection, timeoutMilliseconds: Self.timeoutMilliseconds)
    do throws(PostgresError) {
      try table.limitWaits()
      let hasMore = try step(table, at: now)
      try table.endLimit()
      return hasMore
    } catch {
      try noteFailed(error, table, at: now)
      return false
    }
  }

  /// Begins a pass, or copies a page of it.
  private func step(_ table: LinkVisitsTable, at now: Int64) throws(PostgresError) -> Bool {
    guard let current = pass else { return begin(after: try table.mark(), at: now) }
    let page: TotalsPage? = reading(at: now) { () throws(ClickHouseError) -> TotalsPage in
      try self.page(of: current)
    }
    guard let page else { return false }
    let hasMore = try store(page, of: current, table)
    pause = Self.pauses.lowerBound
    nextAt = hasMore ? now : now + Self.roundMilliseconds
    return hasMore
  }

  /// Begins a pass when there is more to copy than was copied.
  private func begin(after copied: TotalsMark?, at now: Int64) -> Bool {
    let answer: TotalsMark?? = reading(at: now) { () throws(ClickHouseError) -> TotalsMark? in
      try counted.mark()
    }
    guard let answer else { return false }
    nextAt = now + Self.roundMilliseconds
    watch(isDeleting: answer == nil, at: now)
    guard let mark = answer, mark != copied else {
      pause = Self.pauses.lowerBound
      return false
    }
    let isWhole = mark.needsAll(since: copied)
    nextAt = now
    pass = Pass(
      way: isWhole ? .all(ScopeWindow()) : .changes(since: copied?.batch ?? 0), mark: mark)
    if isWhole { log.notice("the totals of all links are copied") }
    return true
  }

  /// Tells of deletions of visits that don't end, since no totals are copied meanwhile.
  private func watch(isDeleting: Bool, at now: Int64) {
    let wasOverdue = deletions.isOverdue
    if deletions.see(isDeleting: isDeleting, at: now) { meter.add(.totalsFailures) }
    if deletions.isOverdue, !wasOverdue {
      log.warning("ClickHouse deletes visits for over a minute; no totals of links are copied")
    } else if wasOverdue, !deletions.isOverdue {
      log.notice("ClickHouse has deleted visits; the totals of links are copied again")
    }
  }

  private func page(of pass: Pass) throws(ClickHouseError) -> TotalsPage {
    switch pass.way {
    case .all(let window):
      try counted.page(of: window, hasCarried: pass.mark.hasCarried)
    case .changes(let since, let start):
      try counted.page(
        changedIn: since...pass.mark.batch, after: start, hasCarried: pass.mark.hasCarried)
    }
  }

  /// Copies what was read, and moves on.
  private func store(
    _ page: TotalsPage, of current: Pass, _ table: LinkVisitsTable
  ) throws(PostgresError) -> Bool {
    try table.set(page.totals)
    meter.add(.copiedTotals, page.totals.count)
    var next = current
    let hasMore: Bool
    switch current.way {
    case .all(var window):
      let isFull = page.totals.count == ClickTotals.pageLinks
      if try table.delete(after: window.start, upTo: page.end, without: page.totals) { return true }
      hasMore = window.advance(past: page.end, isFull: isFull)
      next.way = .all(window)
    case .changes(let since, _):
      hasMore = page.end < Scope.firstName.rawValue - 1
      next.way = .changes(since: since, after: page.end)
    }
    pass = hasMore ? next : nil
    if !hasMore { try table.set(current.mark) }
    return hasMore
  }

  // MARK: - ClickHouse

  /// Asks ClickHouse; nil when that failed.
  private func reading<Result>(
    at now: Int64, _ read: () throws(ClickHouseError) -> Result
  ) -> Result? {
    do throws(ClickHouseError) {
      let result = try read()
      if isFailing { log.notice("ClickHouse tells the totals of links again") }
      isFailing = false
      return result
    } catch {
      noteFailed(error, at: now)
      return nil
    }
  }

  /// Waits longer after each failure.
  ///
  /// What took too long is read in smaller pieces.
  private func noteFailed(_ error: ClickHouseError, at now: Int64) {
    if error.isTimeout { narrow() }
    rest(from: now)
    log.log(
      level: isFailing ? .debug : .warning, "ClickHouse can't tell the totals of links",
      metadata: ["error": "\(error.debugDescription)"])
    isFailing = true
  }

  private func rest(from now: Int64) {
    nextAt = now + pause
    pause = min(2 * pause, Self.pauses.upperBound)
    meter.add(.totalsFailures)
  }

  /// Waits longer after each failure of PostgreSQL, too.
  ///
  /// Where somebody else holds a lock, the session is as good as before.
  private func noteFailed(
    _ error: PostgresError, _ table: LinkVisitsTable, at now: Int64
  ) throws(PostgresError) {
    rest(from: now)
    guard error.state == .lockNotAvailable else { throw error }
    log.warning(
      "totals of links can't be stored now", metadata: ["error": "\(error.debugDescription)"])
    try table.endLimit()
  }

  /// Makes the next piece smaller: a window is narrowed, and changes become windows.
  private func narrow() {
    guard let current = pass else { return }
    switch current.way {
    case .all(var window):
      window.shrink()
      pass?.way = .all(window)
    case .changes:
      pass?.way = .all(ScopeWindow())
    }
  }
}
