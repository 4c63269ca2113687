import Clicks
import Files
import Journals

/// The journals that a relay knows: those it has open, and what it knows of the others.
///
/// A journal that can't be opened or read is left alone for a while, and the others go on.
///
/// Invariant: a journal is open or not, never both. At most `openLimit` are open.
struct FollowedJournals {
  /// The limit of open journals; the others wait until one of these is finished.
  static let openLimit = 512
  /// How long a journal that can't be read is left alone, in milliseconds.
  static let restMilliseconds: Int64 = 5000

  /// What one round through the directory has met that can't be read.
  struct Unreadable {
    var count = 0
    /// Why the last one of them can't; nil when it is no journal.
    var reason: FileError?
  }

  /// A journal that isn't open.
  private struct Unopened {
    /// The end that the broker had when an earlier relay wrote its progress down.
    var confirmedEnd = 0
    var leftAloneUntil = Int64.min
  }

  private(set) var open: [JournalID: FollowedJournal] = [:]
  private var unopened: [JournalID: Unopened]
  private var unreadable = Unreadable()

  /// - Parameter ends: The progress that an earlier relay wrote down.
  init(confirmed ends: [JournalID: Int] = [:]) {
    unopened = ends.mapValues { Unopened(confirmedEnd: $0) }
  }

  /// The progress in the journals that aren't open, still to be kept.
  var unopenedEnds: [JournalID: Int] {
    unopened.compactMapValues { $0.confirmedEnd > 0 ? $0.confirmedEnd : nil }
  }

  /// Takes in an entry of the directory, and opens a journal that is new if there is room.
  ///
  /// - Parameters:
  ///   - entry: What the round has met.
  ///   - now: Milliseconds of the clock that doesn't step.
  ///   - openFile: Opens it; returns nil when it is no more.
  /// - Returns: For a journal that is opened now, the byte from which to publish it; else nil.
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

  /// Leaves an open journal alone for a while, since it can't be read.
  mutating func leaveAlone(_ journal: FollowedJournal, for error: FileError, at now: Int64) {
    journal.leaveAlone(until: now + Self.restMilliseconds)
    unreadable.reason = error
  }

  /// Closes a journal that is finished.
  mutating func close(_ id: JournalID) { open[id] = nil }

  /// Ends a round through the directory.
  ///
  /// - Returns: What it has met that can't be read.
  mutating func endRound(at now: Int64) -> Unreadable {
    defer { unreadable = Unreadable() }
    unopened = unopened.filter { $0.value.confirmedEnd > 0 || now < $0.value.leftAloneUntil }
    return unreadable
  }
}
