import Files
package import Service
import Synchronization

/// How many bytes all journals of the host have, in a page that its writers share: to ask for room is
/// one addition to memory, whatever lies in the directory.
///
/// Writers add what they write. A process that walks the directory for another reason publishes what it
/// found. That takes in what was removed, and what nginx's workers wrote, which can't reach the page.
/// Without such a walk the sum only grows, so the limit holds without the relay, too.
package final class JournalUsage {
  private enum Cell: Int {
    /// What writers have added, since the page was made.
    case added
    /// What was measured, less what writers had added when the measurement began. One cell, so that
    /// a measurement appears as a whole.
    case offset
    /// When that was published, in milliseconds of the clock that doesn't step.
    case measuredAt
  }

  /// A measurement is fresh for this long: the relay makes one a second.
  private static let freshMilliseconds: Int64 = 5000

  private let shared: SharedCells
  private let cells: UnsafeMutablePointer<Atomic<Int>>

  /// Opens the page; where there can be none, this process counts for itself.
  package init(_ state: StateDirectory) {
    shared = (try? SharedCells(state.usage)) ?? SharedCells()
    cells = shared.cells
  }

  /// Bytes of all journals together, as far as it is known.
  var bytes: Int { cell(.offset) &+ cell(.added) }

  /// Takes room for bytes to be written.
  ///
  /// - Returns: Whether all journals stay within the limit with them.
  func take(_ count: Int, of limit: Int) -> Bool {
    let added = cells[Cell.added.rawValue].wrappingAdd(count, ordering: .relaxed).newValue
    if cell(.offset) &+ added <= limit { return true }
    giveBack(count)
    return false
  }

  /// Gives room back that was taken and not written to.
  func giveBack(_ count: Int) {
    cells[Cell.added.rawValue].wrappingSubtract(count, ordering: .relaxed)
  }

  /// Begins a measurement.
  ///
  /// - Returns: What `publish` needs of it. What is written from now on is counted beside it.
  func beginMeasuring() -> Int { cell(.added) }

  func publish(_ bytes: Int, since start: Int, at now: Int64) {
    // A sparse file may claim any length.
    cells[Cell.offset.rawValue].store(min(bytes, .max / 4) &- start, ordering: .relaxed)
    cells[Cell.measuredAt.rawValue].store(Int(now), ordering: .relaxed)
  }

  /// Whether somebody has measured lately.
  func isFresh(at now: Int64) -> Bool {
    // After a restart of the machine the clock has begun anew.
    (0..<Self.freshMilliseconds).contains(now &- Int64(cell(.measuredAt)))
  }

  /// Lets one process at a time measure; the lock ends with the process at the latest.
  func lockMeasuring() -> Bool { shared.lock() }

  func unlockMeasuring() { shared.unlock() }

  private func cell(_ cell: Cell) -> Int { cells[cell.rawValue].load(ordering: .relaxed) }
}
