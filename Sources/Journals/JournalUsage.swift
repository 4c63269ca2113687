import Files
package import Service
import Synchronization

/// The bytes of all journals of a host, in a page that its writers share.
///
/// To reserve room is one addition to memory, however many journals there are.
///
/// Writers add what they write. A process that walks the directory for another reason publishes the
/// measured sum. The measurement includes removed journals, and journals of nginx's workers, which
/// can't reach the page. Without a measurement the sum only grows, so the limit holds without the
/// relay too.
package final class JournalUsage {
  private enum Cell: Int {
    /// Bytes that writers have added since the page was made.
    case added
    /// The measured bytes, minus `added` at the beginning of the measurement. It is one cell, so
    /// that a measurement appears as a whole.
    case offset
    /// When `offset` was published, in milliseconds of the clock that doesn't step.
    case measuredAt
  }

  /// A measurement is fresh for this long: the relay makes one a second.
  private static let freshMilliseconds: Int64 = 5000

  private let shared: SharedCells
  private let cells: UnsafeMutablePointer<Atomic<Int>>

  /// Opens the page; without a page this process counts for itself.
  package init(_ state: StateDirectory) {
    shared = (try? SharedCells(state.usage)) ?? SharedCells()
    cells = shared.cells
  }

  /// The bytes of all journals, as far as known.
  var bytes: Int { cell(.offset) &+ cell(.added) }

  /// Reserves room for bytes to be written.
  ///
  /// - Returns: Whether all journals stay within the limit with them.
  func take(_ count: Int, of limit: Int) -> Bool {
    let added = cells[Cell.added.rawValue].wrappingAdd(count, ordering: .relaxed).newValue
    if cell(.offset) &+ added <= limit { return true }
    giveBack(count)
    return false
  }

  /// Returns room that was reserved and not used.
  func giveBack(_ count: Int) {
    cells[Cell.added.rawValue].wrappingSubtract(count, ordering: .relaxed)
  }

  /// Begins a measurement.
  ///
  /// - Returns: The value that `publish` needs. Bytes written from now on are counted on top of it.
  func beginMeasuring() -> Int { cell(.added) }

  func publish(_ bytes: Int, since start: Int, at now: Int64) {
    // A sparse file may claim any length.
    cells[Cell.offset.rawValue].store(min(bytes, .max / 4) &- start, ordering: .relaxed)
    cells[Cell.measuredAt.rawValue].store(Int(now), ordering: .relaxed)
  }

  /// Whether there is a fresh measurement.
  func isFresh(at now: Int64) -> Bool {
    // After a restart of the machine the clock has started from 0 again.
    (0..<Self.freshMilliseconds).contains(now &- Int64(cell(.measuredAt)))
  }

  /// Allows one process at a time to measure; the lock ends with the process at the latest.
  func lockMeasuring() -> Bool { shared.lock() }

  func unlockMeasuring() { shared.unlock() }

  private func cell(_ cell: Cell) -> Int { cells[cell.rawValue].load(ordering: .relaxed) }
}
