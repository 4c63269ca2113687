import Clicks
package import Files
import Journals
package import Service

/// Writes clicks of journals once more, so that they are published again.
///
/// They are marked as retried: the consumer looks each of them up before it counts.
package final class ClickReplay {
  package private(set) var written = 0
  /// Clicks refused by a full disk or the journals' bound; their own journals still have them.
  package private(set) var refused = 0
  private let journal: ClickJournal

  /// - Throws: When the directory of the journals can't be made.
  package init(_ settings: Settings) throws(FileError) {
    journal = try ClickJournal(
      directory: settings.journalDirectory, state: StateDirectory(settings),
      segmentBytes: settings.journalSegmentBytes, maximumBytes: settings.journalMaxBytes,
      countsDrops: false)
  }

  /// Writes a click, or counts it as refused; after a refusal no more are written.
  func write(_ click: Click) {
    var again = click
    again.isRetried = true
    if refused == 0, journal.record(again) {
      written += 1
    } else {
      refused += 1
    }
  }
}
