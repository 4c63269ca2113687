import HTTPTypes
import Journals
package import Logging
package import Metrics
package import Service
package import Serving

/// Redirects and the journal of their clicks: the routes of the shortener.
package final class RedirectRoutes {
  private let redirect: Redirect
  private let journal: ClickJournal
  private let isFinal: Bool
  private let meter: Meter
  private let log: Logger
  private var drops = Trouble()
  private var isNearlyFull = false

  /// - Throws: `FileError` when the journals' directory can't be made.
  package init(_ settings: Settings, lookup: LinkLookup, _ meter: Meter, _ log: Logger) throws {
    let role = settings.shortenerRole
    journal = try ClickJournal(
      directory: settings.journalDirectory, state: StateDirectory(settings),
      segmentBytes: settings.journalSegmentBytes, maximumBytes: settings.journalMaxBytes,
      droppedIDs: settings.droppedIDs, meter: meter)
    redirect = Redirect(
      lookup: lookup, journal: journal, maxAgeSeconds: settings.redirectMaxAgeSeconds,
      isRetry: role == .retries)
    // What a look-up worker can't answer nginx brings to a redirect worker, as a last resort.
    isFinal = role != .lookups
    self.meter = meter
    self.log = log
  }

  package func add(to router: inout Router<Handler>) {
    router.on(
      .get, .head, at: .segment(after: "/"), meter.timing(isFinal: isFinal, redirect.answer))
  }

  /// To be called about once a second.
  package func tick() {
    journal.tick()
    if drops.isNews(journal.dropped, at: SystemClock.bootMilliseconds()) {
      log.error(
        "clicks are dropped: the journal can't be written",
        metadata: ["dropped": "\(journal.dropped)"])
    }
    if journal.isNearlyFull != isNearlyFull {
      isNearlyFull = journal.isNearlyFull
      if isNearlyFull { log.warning("the journals have nearly reached JOURNAL_MAX_BYTES") }
    }
  }
}
