// The one table of what is counted: each name with its cell. See `Layout` for the rule about them.

/// A counter; it continues over the restarts of its process.
package struct Counter: Hashable, Sendable {
  let cell: Int

  fileprivate init(_ number: Int) {
    cell = Layout.counters.lowerBound + number
  }
}

extension Counter {
  /// Processes that have used the slot.
  package static var starts: Counter { Counter(0) }

  /// Requests for a short code that a worker handed on, without an answer and without a click.
  package static var handOns: Counter { Counter(1) }

  package static func redirects(_ outcome: RedirectOutcome) -> Counter {
    Counter(8 + outcome.rawValue)
  }

  package static func lookups(_ tier: LookupTier, _ result: LookupResult) -> Counter {
    Counter(16 + 4 * tier.rawValue + result.rawValue)
  }

  /// Of every endpoint but redirects.
  package static func requests(_ endpoint: Endpoint, _ answer: StatusClass) -> Counter {
    Counter(32 + 4 * endpoint.rawValue + answer.rawValue)
  }

  package static var clicksRecorded: Counter { Counter(160) }

  package static var publishedMessages: Counter { Counter(161) }
  package static var publishedBytes: Counter { Counter(162) }
  package static var confirmedMessages: Counter { Counter(163) }
  package static var confirmedBytes: Counter { Counter(164) }
  /// Messages unconfirmed when the connection to the broker was lost; their bytes are published
  /// again.
  package static var resentMessages: Counter { Counter(165) }

  package static var batches: Counter { Counter(166) }
  package static var rows: Counter { Counter(167) }
  package static var redelivered: Counter { Counter(168) }
  package static var republished: Counter { Counter(169) }
  package static var deadLetters: Counter { Counter(170) }
  package static var insertErrors: Counter { Counter(171) }

  /// Old clicks that were copied into the table by link.
  package static var carriedClicks: Counter { Counter(192) }
  /// How often a carry stopped because it found a difference between the tables.
  package static var carryDifferences: Counter { Counter(193) }

  /// Messages that announced changes, and the names in them.
  package static var announcementsHeard: Counter { Counter(194) }
  package static var namesHeard: Counter { Counter(195) }
  /// Connections to the channel after the first one of a process.
  package static var reconnections: Counter { Counter(196) }
  /// How often all remembered links were marked as old.
  package static var fullInvalidations: Counter { Counter(197) }

  /// Changes of links that the dispatcher announced when they were due; each is due twice.
  package static var announcedChanges: Counter { Counter(210) }
  /// Changes that were announced again, to another Redis.
  package static var reannouncedChanges: Counter { Counter(211) }
  /// Failed announcements to Redis, and failed questions.
  package static var announcementFailures: Counter { Counter(212) }
  /// Totals of links that the dispatcher copied into PostgreSQL.
  package static var copiedTotals: Counter { Counter(213) }
  /// Failed questions to ClickHouse for the totals of links.
  package static var totalsFailures: Counter { Counter(214) }

  /// Parts of journals that are no clicks and were set aside: torn ends and lines too long.
  package static var quarantinedPieces: Counter { Counter(190) }
  package static var quarantinedBytes: Counter { Counter(191) }

  /// Visits without a link, also those that are only added up.
  package static func orphanVisits(_ type: MissType) -> Counter { Counter(200 + type.rawValue) }

  package static func leases(_ event: LeaseEvent, _ store: LeaseStore) -> Counter {
    Counter(176 + 2 * event.rawValue + store.rawValue)
  }
}

/// A Unix timestamp in milliseconds; the latest over all processes, living or exited, is reported.
package struct Mark: Hashable, Sendable {
  let cell: Int

  /// When the consumer last stored a batch.
  package static var batchStored: Mark { Mark(cell: Layout.counters.lowerBound + 172) }
}

/// A current value; it ends with its process, and is absent until it is set.
package struct Gauge: Hashable, Sendable {
  let cell: Int

  fileprivate init(_ number: Int) {
    cell = Layout.gauges.lowerBound + number
  }
}

extension Gauge {
  /// When the process began, in milliseconds since 1970.
  package static var started: Gauge { Gauge(0) }

  /// The process's last tick, in milliseconds since the machine's start.
  ///
  /// A process ticks about once a second. The latest over all processes is reported.
  package static var ticked: Gauge { Gauge(7) }

  /// Worker ids held by the process.
  package static func leases(_ store: LeaseStore) -> Gauge { Gauge(1 + store.rawValue) }

  /// 1 while there is a connection: relay and consumer to the broker, invalidator to the channel of
  /// changes.
  package static var isConnected: Gauge { Gauge(4) }
  /// 1 while the broker asks for a pause.
  package static var isBlocked: Gauge { Gauge(5) }
  package static var unconfirmedMessages: Gauge { Gauge(6) }

  /// 1 while ClickHouse refuses the consumer's requests with an error that needs an operator.
  package static var isRefused: Gauge { Gauge(16) }
  /// Messages that were delivered to the consumer and are not stored yet.
  package static var unacknowledgedMessages: Gauge { Gauge(17) }

  /// Old clicks that are not carried yet.
  package static var carryRemainingClicks: Gauge { Gauge(20) }
  /// 1 while a carry waits: for an engine, for another carry, or for the first click after an update.
  package static var isCarryWaiting: Gauge { Gauge(21) }

  /// 1 while this dispatcher is the active one of all hosts.
  package static var isDispatching: Gauge { Gauge(30) }
  /// Changes of links that are due and not announced yet.
  package static var changesDue: Gauge { Gauge(31) }
  /// Links whose titles the active dispatcher hasn't read yet.
  package static var titlesWanted: Gauge { Gauge(35) }

  package static func messages(_ queue: ClickQueue) -> Gauge { Gauge(8 + queue.rawValue) }
  package static func consumers(_ queue: ClickQueue) -> Gauge { Gauge(10 + queue.rawValue) }
}

/// A Unix timestamp in milliseconds that a living process has reached.
///
/// The oldest over all processes is reported, so that a stalled process shows.
package struct Moment: Hashable, Sendable {
  let cell: Int

  /// Everything delivered to the consumer before this moment is stored.
  ///
  /// It also moves while nothing is delivered. It stands still when the consumer hangs.
  package static var stored: Moment { Moment(cell: Layout.gauges.lowerBound + 18) }
  /// Since when messages have waited in the clicks' queue without a consumer, as the relay sees it;
  /// unset when none wait.
  package static var unconsumed: Moment { Moment(cell: Layout.gauges.lowerBound + 19) }

  /// Since when the change that is due for longest has waited, as the dispatcher sees it; unset
  /// when none waits.
  package static var changeDue: Moment { Moment(cell: Layout.gauges.lowerBound + 32) }
  /// Since when the dispatcher can't ask PostgreSQL; unset while it can.
  package static var dispatcherLacksPostgres: Moment {
    Moment(cell: Layout.gauges.lowerBound + 33)
  }
  /// Since when the active dispatcher can't announce anything to Redis; unset while it can.
  package static var dispatcherLacksRedis: Moment { Moment(cell: Layout.gauges.lowerBound + 34) }

  static var all: [Moment] {
    [stored, unconsumed, changeDue, dispatcherLacksPostgres, dispatcherLacksRedis]
  }
}

/// A histogram: how many observed values fell below each bound.
///
/// The raw value is the place in the layout. The bounds belong to it: other bounds need another
/// histogram.
package enum Histogram: Int, CaseIterable, Sendable {
  /// From the request read to the answer made, in nanoseconds.
  case redirect
  /// One insert into ClickHouse, in nanoseconds.
  case insert
  /// Clicks in a batch.
  case batchRows

  /// The upper bounds of the buckets, inclusive, rising.
  package var bounds: [Int] {
    switch self {
    case .redirect: Self.redirectBounds
    case .insert: Self.insertBounds
    case .batchRows: Self.rowBounds
    }
  }

  private static let microsecond = 1000
  private static let millisecond = 1_000_000
  private static let redirectBounds =
    [10, 25, 50, 100, 250, 500].map { $0 * microsecond }
    + [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500].map { $0 * millisecond }
  private static let insertBounds =
    [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 20_000, 60_000]
    .map { $0 * millisecond }
  private static let rowBounds = [
    1, 10, 100, 500, 1000, 5000, 10_000, 25_000, 50_000, 100_000, 200_000, 500_000,
  ]
}
