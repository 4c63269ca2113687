/// The state of announcing changes, by the numbers of this host's dispatcher.
package struct DispatchState: Equatable, Sendable {
  /// Longer delays are a fault: of a change that is due, or of a dispatcher without PostgreSQL.
  package static let boundMilliseconds: Int64 = 5000

  /// Living dispatchers on this host.
  package let processes: Int
  /// Whether one has ever lived here.
  package let isExpected: Bool
  /// Whether one of them is the active one of all hosts.
  package let isActive: Bool
  /// Changes that are due and not announced; nil if unknown.
  package let due: Int64?
  /// For how long the first of them has been due; nil without any.
  package let dueMilliseconds: Int64?
  /// For how long the dispatcher has been without PostgreSQL; nil while it has it.
  package let lacksPostgresMilliseconds: Int64?
  /// Whether nothing can be announced to Redis.
  package let lacksRedis: Bool

  package init(_ totals: Totals, at time: Int64) {
    func age(_ moment: Moment) -> Int64? {
      totals.oldest(moment, .dispatcher).map { max(0, time - $0) }
    }
    processes = totals.processes(.dispatcher)
    isExpected = totals.count(.starts, .dispatcher) > 0
    isActive = totals.gauge(.isDispatching, .dispatcher) ?? 0 > 0
    due = totals.gauge(.changesDue, .dispatcher)
    dueMilliseconds = age(.changeDue)
    lacksPostgresMilliseconds = age(.dispatcherLacksPostgres)
    lacksRedis = age(.dispatcherLacksRedis) != nil
  }

  /// Why changes are not announced, in words; nil while they are.
  package var fault: String? {
    if processes == 0 {
      return isExpected ? "changes of links: no dispatcher runs on this host" : nil
    }
    if let lack = lacksPostgresMilliseconds, lack > Self.boundMilliseconds {
      return "changes of links: the dispatcher can't ask PostgreSQL for \(lack / 1000) s"
    }
    guard let wait = dueMilliseconds, wait > Self.boundMilliseconds else { return nil }
    let cause =
      lacksRedis
      ? "Redis fails"
      : isActive
        ? "the dispatcher is behind" : "another host's dispatcher is active and announces nothing"
    return "changes of links: \(due ?? 0) due for up to \(wait / 1000) s: \(cause)"
  }
}
