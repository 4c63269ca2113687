import Clicks
import Journals

/// A journal that the relay has open, and when it is read next.
///
/// Times are milliseconds of the clock that doesn't step.
final class FollowedJournal {
  let file: JournalFile
  private var readAt: Int64 = .min
  private var leftAloneUntil: Int64 = .min

  init(_ file: JournalFile) {
    self.file = file
  }

  var id: JournalID { file.journal }

  /// Whether it couldn't be read a short while ago.
  func isLeftAlone(at now: Int64) -> Bool { now < leftAloneUntil }

  func leaveAlone(until end: Int64) { leftAloneUntil = end }

  /// Whether to publish from it now: a whole message at once, fewer bytes only now and then.
  ///
  /// - Parameters:
  ///   - waiting: Its bytes that aren't published.
  ///   - message: The bytes of a whole message.
  ///   - now: The time.
  /// - Returns: False while it should gather more.
  func isDue(waiting: Int, message: Int, at now: Int64) -> Bool {
    waiting > 0 && (waiting >= message || now >= readAt)
  }

  /// Notes when fewer bytes than a message are published again.
  func rest(until moment: Int64) { readAt = moment }
}
