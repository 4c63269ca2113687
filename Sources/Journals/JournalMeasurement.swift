import Clicks
package import Files
import Service

/// Walks through the journals' directory in short steps, and publishes their bytes after each round
/// (`JournalUsage`).
package final class JournalMeasurement {
  private let usage: JournalUsage
  private let walk: JournalWalk
  private var start = 0
  private var sum = 0

  package init(_ directory: JournalDirectory, _ usage: JournalUsage) {
    self.usage = usage
    walk = JournalWalk(directory)
  }

  /// Whether a round is under way.
  var isUnderWay: Bool { !walk.isAtStart }

  /// Continues by some directory entries.
  ///
  /// - Parameters:
  ///   - count: The limit of entries to read.
  ///   - now: Milliseconds of the clock that doesn't step.
  ///   - body: Called for each name that a journal may have.
  /// - Returns: Whether the round is over.
  /// - Throws: When the directory can't be read.
  package func step(
    atMost count: Int, at now: Int64, _ body: (JournalEntry) -> Void = { _ in }
  ) throws(FileError) -> Bool {
    if walk.isAtStart {
      start = usage.beginMeasuring()
      sum = 0
    }
    let isOver = try walk.step(atMost: count) { entry in
      sum = entry.adding(to: sum)
      body(entry)
    }
    if isOver { usage.publish(sum, since: start, at: now) }
    return isOver
  }
}
