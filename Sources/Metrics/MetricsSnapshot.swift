/// An operator's numbers, read at one moment.
///
/// They are the only source of `/metrics`, `/health` and `swiftlet doctor`.
package struct MetricsSnapshot: Sendable {
  /// The journals' directory.
  package struct Journals: Sendable, Equatable {
    package var files = 0
    package var bytes = 0
    /// Bytes that the broker has not confirmed, by the progress that the relay last saved.
    package var unconfirmedBytes = 0
    /// When the oldest unconfirmed click was recorded, in milliseconds since 1970; nil without any.
    package var oldestUnconfirmed: Int64?

    package init() {}
  }

  /// In milliseconds since 1970.
  package let time: Int64
  package let totals: Totals
  /// Nil when the directory can't be read.
  package let journals: Journals?
  /// `JOURNAL_MAX_BYTES`.
  package let journalLimit: Int
  /// Clicks that could not be written since the state directory was made.
  package let droppedClicks: Int
  /// When that number last grew, in milliseconds since 1970; nil before the first.
  package var lastDrop: Int64?
  /// The name of the clicks' queue, and of the queue of dead letters.
  package let queues: [ClickQueue: String]
  package let version: String
  /// The age of the invalidator's last beat on this host; nil without one.
  package var beatAgeMilliseconds: Int64?

  package init(
    time: Int64, totals: Totals, journals: Journals?, journalLimit: Int, droppedClicks: Int,
    queues: [ClickQueue: String], version: String
  ) {
    self.time = time
    self.totals = totals
    self.journals = journals
    self.journalLimit = journalLimit
    self.droppedClicks = droppedClicks
    self.queues = queues
    self.version = version
  }

  /// An older beat means that the invalidator or its Redis fails.
  package static let beatBoundMilliseconds: Int64 = 5000

  /// Whether this host hears no changes of links.
  package static func isDeaf(beatAge: Int64?) -> Bool {
    beatAge.map { $0 > beatBoundMilliseconds } ?? true
  }

  /// Clicks that have waited longer for the broker mean that the relay doesn't publish.
  package static let lagBoundMilliseconds: Int64 = 60_000

  /// How long the oldest unconfirmed click has waited for the broker; nil without any.
  package var lagMilliseconds: Int64? {
    journals?.oldestUnconfirmed.map { max(0, time - $0) }
  }

  package var isRelayBehind: Bool { lagMilliseconds ?? 0 > Self.lagBoundMilliseconds }

  /// How long the oldest delivered click has waited to be stored by a consumer of this host.
  ///
  /// Nil without a consumer that has its broker.
  package var storingLagMilliseconds: Int64? {
    totals.oldest(.stored, .consumer).map { max(0, time - $0) }
  }

  /// For how long messages have been in the queue without a consumer, here or elsewhere; nil when
  /// there are none.
  package var unconsumedMilliseconds: Int64? {
    totals.oldest(.unconsumed, .relay).map { max(0, time - $0) }
  }

  /// Whether clicks have waited for more than a minute to be stored, or for a consumer.
  package var isConsumerBehind: Bool {
    max(storingLagMilliseconds ?? 0, unconsumedMilliseconds ?? 0) > Self.lagBoundMilliseconds
  }

  /// Whether the journals exceed four fifths of their bound: clicks will be dropped unless somebody
  /// acts.
  package var areJournalsNearlyFull: Bool { (journals?.bytes ?? 0) / 4 > journalLimit / 5 }

  /// Warnings: conditions that need attention but don't affect serving; `time` is in milliseconds
  /// since 1970.
  package static func remarks(on totals: Totals, at time: Int64, beatAge: Int64?) -> [String] {
    var remarks: [String] = []
    if let dead = totals.gauge(.messages(.dead), .relay), dead > 0 {
      remarks.append("dead letters: \(dead)")
    }
    if isDeaf(beatAge: beatAge) {
      let since = beatAge.map { "for \($0 / 1000) s" } ?? "since the host was started"
      remarks.append(
        "changes of links: none heard \(since); workers remember a link for half a second only")
    }
    if let fault = DispatchState(totals, at: time).fault { remarks.append(fault) }
    return remarks
  }

  /// Messages that can't be stored, as the relay last saw their queue.
  package var deadMessages: Int64? { totals.gauge(.messages(.dead), .relay) }
}
