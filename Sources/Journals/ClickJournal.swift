package import Clicks
package import Files
import Glibc
package import Metrics
package import Service
import Text

/// Writes a worker's clicks: one line by one `write(2)`, before each redirect is answered.
///
/// A journal is one file that one process writes, from creation to end. A lock on it tells the
/// relay that the writer lives. A written click survives the death of every process here. A click
/// that can't be written is dropped and counted, and the redirect is answered all the same. The
/// reasons are a full disk, or journals at their bound.
package final class ClickJournal {
  /// The share of the bound above which writers warn.
  private static let nearly = 0.8
  /// The time without a click after which any journal is closed.
  private static let idleLimitMilliseconds: Int64 = 3_600_000
  /// The limit of directory entries that one `tick` reads: about a millisecond.
  private static let tickEntries = 512

  /// Clicks that could not be written since the process began.
  package private(set) var dropped = 0
  /// Whether the bound is near: clicks will be dropped unless journals are removed.
  package var isNearlyFull: Bool { Double(usage.bytes) > Self.nearly * Double(maximumBytes) }

  let directory: JournalDirectory
  private let state: StateDirectory
  private let droppedIDs: String
  private let meter: Meter
  private let segmentBytes: Int
  private let maximumBytes: Int
  private let usage: JournalUsage
  private let measurement: JournalMeasurement
  private var counter: DropCounter?
  private let countsDrops: Bool
  private let idleMilliseconds: Int64
  private var file: File?
  /// The file's descriptor, or -1; a plain number costs a redirect no reference counting.
  private var descriptor: Int32 = -1
  private var length = 0
  private var lastRecord: Int64 = 0
  private var lastLook: Int64 = 0
  private var isMeasuring = false
  private let line: UnsafeMutableBufferPointer<UInt8>
  private var times = TimeWriter()

  /// Prepares to write; the first click creates the first journal.
  ///
  /// - Parameters:
  ///   - directory: The journals' directory; created if it doesn't exist.
  ///   - state: Counts drops and the journals' bytes for all processes; without it, only for this
  ///     one.
  ///   - segmentBytes: Beyond this length a new journal is begun.
  ///   - maximumBytes: The limit of all journals together.
  ///   - droppedIDs: A file that gets the id of each dropped click; none when empty.
  ///   - countsDrops: Whether a click that can't be written is counted as lost.
  ///   - idleMilliseconds: The time without a click after which a journal of some length is closed.
  ///   - meter: Counts the written clicks.
  /// - Throws: When the journals' directory can't be created.
  package init(
    directory: String, state: StateDirectory, segmentBytes: Int, maximumBytes: Int = 4 << 30,
    droppedIDs: String = "", countsDrops: Bool = true, idleMilliseconds: Int64 = 10_000,
    meter: Meter = Meter()
  ) throws(FileError) {
    self.directory = JournalDirectory(directory)
    self.state = state
    self.segmentBytes = segmentBytes
    self.maximumBytes = maximumBytes
    self.droppedIDs = droppedIDs
    self.countsDrops = countsDrops
    self.idleMilliseconds = idleMilliseconds
    self.meter = meter
    line = .allocate(capacity: BorrowedClick.maximumLineBytes)
    line.initialize(repeating: 0)
    try? state.make()
    usage = JournalUsage(state)
    measurement = JournalMeasurement(self.directory, usage)
    try self.directory.make()
    if countsDrops { counter = DropCounter(state, ids: droppedIDs) }
    let now = SystemClock.bootMilliseconds()
    if !usage.isFresh(at: now) { _ = try? measurement.step(atMost: .max, at: now) }
  }

  deinit {
    endJournal()
    line.deallocate()
  }

  /// Writes one click.
  ///
  /// - Returns: Whether it is written; if not it was counted as dropped.
  @discardableResult
  package func record(
    _ click: borrowing Click, at now: Int64 = SystemClock.bootMilliseconds()
  ) -> Bool {
    click.withBytes { record($0, at: now) }
  }

  /// Writes one click before its redirect is answered.
  ///
  /// - Parameters:
  ///   - click: Its time comes from a clock that may step or stand still.
  ///   - now: Milliseconds of a clock that doesn't.
  /// - Returns: Whether it is written; if not it was counted as dropped.
  @discardableResult
  package func record(
    _ click: BorrowedClick, at now: Int64 = SystemClock.bootMilliseconds()
  ) -> Bool {
    if writeLine(of: click, at: now) {
      meter.add(.clicksRecorded)
      return true
    }
    drop(click.eventID)
    return false
  }

  /// Writes one line; what can't be written is the caller's to count.
  ///
  /// - Parameters:
  ///   - click: As for `record`.
  ///   - now: As for `record`.
  /// - Returns: Whether it is written.
  package func writeLine(
    of click: BorrowedClick, at now: Int64 = SystemClock.bootMilliseconds()
  ) -> Bool {
    let count = click.writeLine(to: line, &times)
    if descriptor >= 0, now >= lastLook + 1000 {
      lastLook = now
      if file?.isInPlace != true { endJournal() }
    }
    if length >= segmentBytes { endJournal() }
    lastRecord = now
    if usage.take(count, of: maximumBytes) {
      if descriptor >= 0 || beginJournal(), append(count) { return true }
      usage.giveBack(count)
    }
    // What the relay has published of this journal becomes free once its writer has closed it.
    endJournal()
    return false
  }

  /// Housekeeping, about once a second, between requests.
  ///
  /// - Parameter now: Milliseconds, by the clock of `record`.
  package func tick(at now: Int64 = SystemClock.bootMilliseconds()) {
    closeIfIdle(at: now)
    measureIfDue(at: now)
  }

  /// Closes the journal after a while without a click, so that the relay can remove it.
  ///
  /// A short journal is kept for an hour; the relay publishes from it meanwhile. Otherwise an
  /// outage of the broker would leave a file behind for every few clicks.
  ///
  /// - Parameter now: Milliseconds, by the clock of `record`.
  package func closeIfIdle(at now: Int64 = SystemClock.bootMilliseconds()) {
    guard descriptor >= 0 else { return }
    let isLong = length >= min(segmentBytes / 16, maximumBytes / 1024)
    let patience = isLong ? idleMilliseconds : Self.idleLimitMilliseconds
    if now >= lastRecord + patience { endJournal() }
  }

  /// Measures the journals while the relay doesn't: one process at a time, a few entries a tick.
  private func measureIfDue(at now: Int64) {
    if !isMeasuring {
      guard !usage.isFresh(at: now), usage.lockMeasuring() else { return }
      isMeasuring = true
    }
    // An unreadable directory needs no action here: writing will report it.
    guard (try? measurement.step(atMost: Self.tickEntries, at: now)) != false else { return }
    isMeasuring = false
    usage.unlockMeasuring()
  }

  /// Writes one line by one `write(2)`; a partial write is truncated again.
  ///
  /// It is called directly: every redirect waits for it, and swift-system's `write` goes through a
  /// `Result` and a closure first.
  ///
  /// - Returns: Whether it is written; if not, the journal must end. Where a partial line can't be
  ///   truncated the relay sets the torn end aside.
  private func append(_ count: Int) -> Bool {
    while true {
      let written = write(descriptor, line.baseAddress, count)
      if written == count {
        length += written
        return true
      }
      if written < 0, errno == EINTR { continue }
      if written > 0 { try? file?.resize(to: length) }
      return false
    }
  }

  private func drop(_ event: EventID) {
    dropped += 1
    guard countsDrops else { return }
    if counter == nil { counter = DropCounter(state, ids: droppedIDs) }
    counter?.add(event)
  }

  /// Creates a new file, and takes the lock that the relay respects.
  private func beginJournal() -> Bool {
    for _ in 0..<8 {
      guard let opened = try? File(directory.file(.random()), for: .beginning) else { return false }
      // The relay may see the file before it is locked, and even remove it: then create another.
      guard (try? opened.lock()) == true, opened.isLinked else { continue }
      file = opened
      descriptor = opened.rawDescriptor
      length = 0
      return true
    }
    return false
  }

  private func endJournal() {
    // It is still locked, so nobody else writes to it.
    if let file, length == 0 { try? File.remove(file.path) }
    file = nil
    descriptor = -1
    length = 0
  }
}
