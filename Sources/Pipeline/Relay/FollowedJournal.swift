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

  /// Whether it could not be read a short while ago, and has to wait.
  func isLeftAlone(at now: Int64) -> Bool { now < leftAloneUntil }

  func leaveAlone(until end: Int64) { leftAloneUntil = end }

  /// Whether to publish from it now: a whole message at once, fewer bytes only at intervals.
  ///
  /// - Parameters:
  ///   - waiting: Its unpublished bytes.
  ///   - message: The bytes of a whole message.
  ///   - now: The time.
  /// - Returns: False while more bytes should be gathered.
  func isDue(waiting: Int, message: Int, at now: Int64) -> Bool {
    waiting > 0 && (waiting >= message || now >= readAt)
  }

  /// Sets the time at which less than a whole message is published again.
  func rest(until moment: Int64) { readAt = moment }
}
