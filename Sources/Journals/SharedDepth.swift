import Files
import Glibc
import Metrics
import Service
import Synchronization

/// The journals' figures, which one process of the host at a time makes for all of them.
///
/// Making them means a walk through the journals' directory. After an outage that takes a tenth of a
/// second and more, and every worker of the API may be asked. So what one has found stands in a page
/// that all of them share: for a second, or for nine times what the walk took.
final class SharedDepth {
  private enum Cell: Int {
    /// Odd while the others are written.
    case version
    /// Until when they are good, in milliseconds of the clock that doesn't step.
    case end
    case files
    case bytes
    case unconfirmedBytes
    /// In milliseconds since 1970; 0 for none.
    case oldestUnconfirmed
  }

  private static let minimumMilliseconds: Int64 = 1000
  /// No longer, so that an end of before the machine's last start is known for one.
  private static let maximumMilliseconds: Int64 = 30_000
  /// For how much longer the figures are given out while another process is at work on new ones: one
  /// that is stopped during its walk keeps the lock.
  private static let graceMilliseconds: Int64 = 10_000

  private let shared: SharedCells?
  private let make: () -> MetricsSnapshot.Journals?

  /// - Parameters:
  ///   - state: Where the page is. Only its owner uses it: an operator's command leaves no file there.
  ///   - make: Makes the figures; nil when the directory can't be read.
  init(_ state: StateDirectory, _ make: @escaping () -> MetricsSnapshot.Journals?) {
    self.make = make
    let owner = try? Directory(state.path).status().st_uid
    shared = owner == geteuid() ? try? SharedCells(state.depth) : nil
  }

  /// The figures.
  ///
  /// - Parameter now: Milliseconds of the clock that doesn't step.
  /// - Returns: Nil when the directory can't be read.
  func value(at now: Int64 = SystemClock.bootMilliseconds()) -> MetricsSnapshot.Journals? {
    guard let shared else { return make() }
    let found = read(shared.cells)
    if let found, Self.isGood(until: found.end, at: now) { return found.figures }
    guard shared.lock() else {
      if let found, Self.isGood(until: found.end + Self.graceMilliseconds, at: now) {
        return found.figures
      }
      return make()
    }
    defer { shared.unlock() }
    // Somebody may have made them since.
    if let found = read(shared.cells), Self.isGood(until: found.end, at: now) {
      return found.figures
    }
    guard let figures = make() else { return nil }
    let done = SystemClock.bootMilliseconds()
    let lifetime = max(Self.minimumMilliseconds, 9 * (done - now))
    publish(figures, until: done + min(lifetime, Self.maximumMilliseconds), to: shared.cells)
    return figures
  }

  private static func isGood(until end: Int64, at now: Int64) -> Bool {
    now < end && end <= now + maximumMilliseconds + graceMilliseconds
  }

  private func read(
    _ cells: UnsafeMutablePointer<Atomic<Int>>
  ) -> (figures: MetricsSnapshot.Journals, end: Int64)? {
    // A writer is done at once; after one that died while writing, another one writes.
    for _ in 0..<100 {
      let version = cells[Cell.version.rawValue].load(ordering: .acquiring)
      var figures = MetricsSnapshot.Journals()
      figures.files = cells[Cell.files.rawValue].load(ordering: .relaxed)
      figures.bytes = cells[Cell.bytes.rawValue].load(ordering: .relaxed)
      figures.unconfirmedBytes = cells[Cell.unconfirmedBytes.rawValue].load(ordering: .relaxed)
      let oldest = cells[Cell.oldestUnconfirmed.rawValue].load(ordering: .relaxed)
      figures.oldestUnconfirmed = oldest == 0 ? nil : Int64(oldest)
      let end = cells[Cell.end.rawValue].load(ordering: .relaxed)
      atomicMemoryFence(ordering: .acquiring)
      if version % 2 == 0, cells[Cell.version.rawValue].load(ordering: .relaxed) == version {
        return version == 0 ? nil : (figures, Int64(end))
      }
    }
    return nil
  }

  /// Only for the process that holds the lock.
  private func publish(
    _ figures: MetricsSnapshot.Journals, until end: Int64,
    to cells: UnsafeMutablePointer<Atomic<Int>>
  ) {
    let version = cells[Cell.version.rawValue].load(ordering: .relaxed) | 1
    cells[Cell.version.rawValue].store(version, ordering: .relaxed)
    atomicMemoryFence(ordering: .releasing)
    cells[Cell.files.rawValue].store(figures.files, ordering: .relaxed)
    cells[Cell.bytes.rawValue].store(figures.bytes, ordering: .relaxed)
    cells[Cell.unconfirmedBytes.rawValue].store(figures.unconfirmedBytes, ordering: .relaxed)
    cells[Cell.oldestUnconfirmed.rawValue].store(
      Int(figures.oldestUnconfirmed ?? 0), ordering: .relaxed)
    cells[Cell.end.rawValue].store(Int(end), ordering: .relaxed)
    cells[Cell.version.rawValue].store(version &+ 1, ordering: .releasing)
  }
}
