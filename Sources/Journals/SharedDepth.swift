import Files
import Glibc
import Metrics
import Service
import Synchronization

/// The journals' figures, computed by one process of the host at a time for all.
///
/// To compute them is a walk through the journals' directory. After an outage it takes a tenth of a
/// second and more, and every worker of the API may be asked. So the result is kept in a page that
/// all workers share. It is valid for a second, or for nine times the duration of the walk.
final class SharedDepth {
  private enum Cell: Int {
    /// A version number; odd while the other cells are written.
    case version
    /// Until when the figures are valid, in milliseconds of the clock that doesn't step.
    case end
    case files
    case bytes
    case unconfirmedBytes
    /// In milliseconds since 1970; 0 for none.
    case oldestUnconfirmed
  }

  private static let minimumMilliseconds: Int64 = 1000
  /// The limit of their validity; an end further away is from before the machine's last start.
  private static let maximumMilliseconds: Int64 = 30_000
  /// The grace period in which old figures are returned while another process computes new ones.
  ///
  /// A process that is stopped during its walk keeps the lock.
  private static let graceMilliseconds: Int64 = 10_000

  private let shared: SharedCells?
  private let make: () -> MetricsSnapshot.Journals?

  /// - Parameters:
  ///   - state: The page's directory. Only its owner uses the page: an operator's command creates
  ///     no file there.
  ///   - make: Computes the figures; nil when the directory can't be read.
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
    // Another process may have computed them meanwhile.
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
    // A writer needs only an instant; after one that died while writing, another one writes.
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
