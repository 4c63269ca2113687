import Clicks
import Files
import Journals

/// The journals that a relay knows, open and unopened.
///
/// A journal that can't be opened or read is skipped for a while; the others continue.
///
/// Invariant: a journal is open or not, never both. At most `openLimit` are open.
struct FollowedJournals {
  /// The limit of open journals; others wait until one of these is finished.
  static let openLimit = 512
  /// How long an unreadable journal is skipped, in milliseconds.
  static let restMilliseconds: Int64 = 5000

  /// The unreadable journals of one round through the directory.
  struct Unreadable {
    var count = 0
    /// The failure of the last one; nil when it is no journal.
    var reason: FileError?
  }

  /// A journal that isn't open.
  private struct Unopened {
    /// The confirmed end by an earlier relay's saved progress.
    var confirmedEnd = 0
    var leftAloneUntil = Int64.min
  }

  private(set) var open: [JournalID: FollowedJournal] = [:]
  private var unopened: [JournalID: Unopened]
  private var unreadable = Unreadable()

  /// - Parameter ends: An earlier relay's saved progress.
  init(confirmed ends: [JournalID: Int] = [:]) {
    unopened = ends.mapValues { Unopened(confirmedEnd: $0) }
  }

  /// The progress of unopened journals, to be kept.
  var unopenedEnds: [JournalID: Int] {
    unopened.compactMapValues { $0.confirmedEnd > 0 ? $0.confirmedEnd : nil }
  }

  /// Handles an entry of the directory, and opens a new journal if there is room.
  ///
  /// - Parameters:
  ///   - entry: The entry.
  ///   - now: Milliseconds of the clock that doesn't step.
  ///   - openFile: Opens it; returns nil when it is gone.
  /// - Returns: For a journal opened now, the byte from which to publish it; else nil.
  mutating func meet(
    _ entry: JournalEntry, at now: Int64, opening openFile: () throws(FileError) -> JournalFile?
  ) -> Int? {
    let id = entry.journal
    let known = unopened[id] ?? Unopened()
    guard entry.isJournal, now >= known.leftAloneUntil, open[id]?.isLeftAlone(at: now) != true
    else {
      unreadable.count += 1
      return nil
    }
    guard open[id] == nil, open.count < Self.openLimit else { return nil }
    do throws(FileError) {
      guard let file = try openFile() else { return nil }
      open[id] = FollowedJournal(file)
      unopened[id] = nil
      return known.confirmedEnd
    } catch {
      unreadable.count += 1
      unreadable.reason = error
      unopened[id, default: known].leftAloneUntil = now + Self.restMilliseconds
      return nil
    }
  }

  /// Skips an unreadable open journal for a while.
  mutating func leaveAlone(_ journal: FollowedJournal, for error: FileError, at now: Int64) {
    journal.leaveAlone(until: now + Self.restMilliseconds)
    unreadable.reason = error
  }

  /// Closes a journal that is finished.
  mutating func close(_ id: JournalID) { open[id] = nil }

  /// Ends a round through the directory.
  ///
  /// - Returns: The unreadable journals of the round.
  mutating func endRound(at now: Int64) -> Unreadable {
    defer { unreadable = Unreadable() }
    unopened = unopened.filter { $0.value.confirmedEnd > 0 || now < $0.value.leftAloneUntil }
    return unreadable
  }
}
