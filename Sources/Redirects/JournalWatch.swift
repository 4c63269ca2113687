package import Journals
package import Logging
import Service

/// Logs once when clicks are dropped, and when they soon will be.
package final class JournalWatch {
  private let journal: ClickJournal
  private let log: Logger
  private var drops = Trouble()
  private var isNearlyFull = false

  package init(_ journal: ClickJournal, log: Logger) {
    self.journal = journal
    self.log = log
  }

  /// Checks the journal; call it about once a second.
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
