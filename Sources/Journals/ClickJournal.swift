package import Clicks
package import Files
import Glibc
package import Metrics
package import Service
import Text

/// Where a worker writes its clicks: one line, one `write(2)`, on the way of each redirect.
///
/// A journal is one file that one process writes, from its making to its end. A lock on it tells the
/// relay that the writer lives. A click that was written survives the death of every process here.
/// One that can't be written is dropped and counted, and the redirect goes on: the disk is full, or
/// the journals have reached their bound.
package final class ClickJournal {
  /// Above this part of the bound the writers warn.
  private static let nearly = 0.8
  /// After how long without a click any journal is closed.
  private static let idleLimitMilliseconds: Int64 = 3_600_000
  /// The limit of names of the directory that one `tick` reads: about a millisecond.
  private static let tickEntries = 512

  /// Clicks that could not be written since the process began.
  package private(set) var dropped = 0
  /// Whether the bound is near: clicks will be dropped if nothing takes the journals away.
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
  /// The file's, or -1: on the way of a redirect no reference is counted.
  private var descriptor: Int32 = -1
  private var length = 0
  private var lastRecord: Int64 = 0
  private var lastLook: Int64 = 0
  private var isMeasuring = false
  private let line: UnsafeMutableBufferPointer<UInt8>
  private var times = TimeWriter()

  /// Prepares to write; the first journal is made with the first click.
  ///
  /// - Parameters:
  ///   - directory: The journals' directory, made if it isn't there.
  ///   - state: Where drops and the journals' bytes are counted; without it this process counts for
  ///     itself.
  ///   - segmentBytes: A journal longer than this is followed by another one.
  ///   - maximumBytes: Of all journals together.
  ///   - droppedIDs: A file that gets the id of each click that can't be written; none when empty.
  ///   - countsDrops: Whether a click that can't be written is counted as lost.
  ///   - idleMilliseconds: After how long without a click a journal of some length is closed.
  ///   - meter: Where clicks are counted that are written.
  /// - Throws: When the journals' directory can't be made.
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

  /// Writes one click, on the way of its redirect.
  ///
  /// - Parameters:
  ///   - click: Its time is of a clock that may step and stand still.
  ///   - now: Milliseconds of one that doesn't.
  /// - Returns: Whether it is written; if not it was counted as dropped.
  @discardableResult
  package func record(
    _ click: BorrowedClick, at now: Int64 = SystemClock.bootMilliseconds()
  ) -> Bool {
    let count = click.writeLine(to: line, &times)
    if descriptor >= 0, now >= lastLook + 1000 {
      lastLook = now
      if file?.isInPlace != true { endJournal() }
    }
    if length >= segmentBytes { endJournal() }
    lastRecord = now
    if usage.take(count, of: maximumBytes) {
      if descriptor >= 0 || beginJournal(), append(count) {
        meter.add(.clicksRecorded)
        return true
      }
      usage.giveBack(count)
    }
    // What the relay has published of this journal is room again once its writer has closed it.
    endJournal()
    drop(click.eventID)
    return false
  }

  /// What is to be done about once a second, between requests.
  ///
  /// - Parameter now: Milliseconds, by the clock of `record`.
  package func tick(at now: Int64 = SystemClock.bootMilliseconds()) {
    closeIfIdle(at: now)
    measureIfDue(at: now)
  }

  /// Closes the journal after a while without a click, so that the relay can remove it.
  ///
  /// A short one is kept for an hour; the relay publishes from it all the same. Otherwise an outage of
  /// the broker would leave a file behind for every few clicks.
  ///
  /// - Parameter now: Milliseconds, by the clock of `record`.
  package func closeIfIdle(at now: Int64 = SystemClock.bootMilliseconds()) {
    guard descriptor >= 0 else { return }
    let isLong = length >= min(segmentBytes / 16, maximumBytes / 1024)
    let patience = isLong ? idleMilliseconds : Self.idleLimitMilliseconds
    if now >= lastRecord + patience { endJournal() }
  }

  /// Measures the journals while the relay doesn't: one process at a time, a few names a tick.
  private func measureIfDue(at now: Int64) {
    if !isMeasuring {
      guard !usage.isFresh(at: now), usage.lockMeasuring() else { return }
      isMeasuring = true
    }
    // A directory that can't be read is no reason to do more: writing will tell.
    guard (try? measurement.step(atMost: Self.tickEntries, at: now)) != false else { return }
    isMeasuring = false
    usage.unlockMeasuring()
  }

  /// One line by one `write(2)`; a write that was cut short is taken back.
  ///
  /// It is called directly: every redirect waits for it, and swift-system's `write` goes through a
  /// `Result` and a closure first.
  ///
  /// - Returns: Whether it is written; if not the journal must end. Where part of a line can't be
  ///   taken back the relay sets the torn end aside.
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

  /// Makes a file that has never been, and takes the lock that the relay respects.
  private func beginJournal() -> Bool {
    for _ in 0..<8 {
      guard let opened = try? File(directory.file(.random()), for: .beginning) else { return false }
      // The relay may look at the file before it is locked, and even remove it: then make another.
      guard (try? opened.lock()) == true, opened.isLinked else { continue }
      file = opened
      descriptor = opened.rawDescriptor
      length = 0
      return true
    }
    return false
  }

  private func endJournal() {
    // Nobody else may write to it: it is still locked.
    if let file, length == 0 { try? File.remove(file.path) }
    file = nil
    descriptor = -1
    length = 0
  }
}
