/// All that an operator is told in numbers, read at one moment: `/metrics` writes it down, `/health`
/// and `swiftlet doctor` judge by it, and there is no other source.
package struct MetricsSnapshot: Sendable {
  /// The journals' directory.
  package struct Journals: Sendable, Equatable {
    package var files = 0
    package var bytes = 0
    /// What the broker has not confirmed, by the progress that the relay last wrote down.
    package var unconfirmedBytes = 0
    /// When the oldest click of those was recorded, in milliseconds since 1970; nil without any.
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
  /// The name of the clicks' queue, and of the queue of dead letters.
  package let queues: [ClickQueue: String]
  package let version: String
  /// How old the beat of this host's invalidator is; nil without one.
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

  /// A beat that is older says that the invalidator or its Redis fails.
  package static let beatBoundMilliseconds: Int64 = 5000

  /// Whether this host hears no changes of links.
  package static func isDeaf(beatAge: Int64?) -> Bool {
    beatAge.map { $0 > beatBoundMilliseconds } ?? true
  }

  /// Clicks that have waited longer for the broker say that the relay doesn't publish.
  package static let lagBoundMilliseconds: Int64 = 60_000

  /// How long the oldest click has waited that the broker has not confirmed; nil without any.
  package var lagMilliseconds: Int64? {
    journals?.oldestUnconfirmed.map { max(0, time - $0) }
  }

  package var isRelayBehind: Bool { lagMilliseconds ?? 0 > Self.lagBoundMilliseconds }

  /// How long the oldest click has waited that a consumer of this host was delivered and has not
  /// stored; nil without a consumer that has the broker.
  package var storingLagMilliseconds: Int64? {
    totals.oldest(.stored, .consumer).map { max(0, time - $0) }
  }

  /// For how long messages have been in the queue without a consumer, here or elsewhere; nil when
  /// there are none.
  package var unconsumedMilliseconds: Int64? {
    totals.oldest(.unconsumed, .relay).map { max(0, time - $0) }
  }

  /// Whether clicks have waited for more than a minute to be stored, by a consumer or for one.
  package var isConsumerBehind: Bool {
    max(storingLagMilliseconds ?? 0, unconsumedMilliseconds ?? 0) > Self.lagBoundMilliseconds
  }

  /// Above four fifths of the bound somebody must act before clicks are dropped.
  package var areJournalsNearlyFull: Bool { (journals?.bytes ?? 0) / 4 > journalLimit / 5 }

  /// Warnings: conditions that need attention but don't affect serving, at a time in milliseconds since
  /// 1970.
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
