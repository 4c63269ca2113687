package import Clicks
import Glibc
package import Metrics
import Service

/// Where a worker writes its clicks: one line, one `write(2)`, on the way of each redirect.
///
/// A journal is one file that one process writes, from its making to its end, under a lock that
/// tells the relay that the writer lives. A click that was written survives the death of every
/// process here. One that can't be written, on a full disk or past the folder's bound, is dropped
/// and counted, and the redirect goes on.
package final class ClickJournal {
  /// Clicks that could not be written since the process began.
  package private(set) var dropped = 0
  /// Whether the folder's bound is near: clicks will be dropped if nothing takes the journals away.
  package var isNearlyFull: Bool { bound.isNearlyReached }

  /// The same by a look at the folder now, for who asks a worker that hasn't written for a while.
  var isFolderNearlyFull: Bool {
    bound.isNearlyReached(by: (try? directory.bytes()) ?? 0)
  }

  let directory: JournalDirectory
  private let droppedIDs: String
  private let meter: Meter
  private let segmentBytes: Int
  private var bound: JournalBound
  private var counter: DropCounter?
  private let countsDrops: Bool
  private let idleMilliseconds: Int64
  private var file: Int32 = -1
  private var path = ""
  private var length = 0
  private var lastRecord: Int64 = 0
  private var lastLook: Int64 = 0
  private let line: UnsafeMutableBufferPointer<UInt8>

  /// Prepares to write; the first journal is made with the first click.
  ///
  /// - Parameters:
  ///   - directory: The folder of the journals, made if it isn't there.
  ///   - segmentBytes: A journal longer than this is followed by another one.
  ///   - maximumBytes: Of all journals of the folder together.
  ///   - droppedIDs: A file that gets the id of each click that can't be written; none when empty.
  ///   - countsDrops: Whether a click that can't be written is counted as lost for the whole folder.
  ///   - idleMilliseconds: After how long without a click `closeIfIdle` closes.
  ///   - meter: Where clicks are counted that are written.
  /// - Throws: When the folder can't be made.
  package init(
    directory: String, segmentBytes: Int, maximumBytes: Int = 4 << 30, droppedIDs: String = "",
    countsDrops: Bool = true, idleMilliseconds: Int64 = 10_000, meter: Meter = Meter()
  ) throws(FileError) {
    self.directory = JournalDirectory(directory)
    bound = JournalBound(self.directory, limit: maximumBytes)
    self.segmentBytes = segmentBytes
    self.droppedIDs = droppedIDs
    self.idleMilliseconds = idleMilliseconds
    self.meter = meter
    line = .allocate(capacity: BorrowedClick.maximumLineBytes)
    line.initialize(repeating: 0)
    try self.directory.make()
    self.countsDrops = countsDrops
    if countsDrops { counter = DropCounter(self.directory, ids: droppedIDs) }
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
    let count = click.writeLine(to: line)
    if file >= 0, now >= lastLook + 1000 {
      lastLook = now
      if !isInPlace { endJournal() }
    }
    if length >= segmentBytes { endJournal() }
    lastRecord = now
    if bound.take(count, at: now), file >= 0 || beginJournal(), append(count) {
      meter.add(.clicksRecorded)
      return true
    }
    // What the relay has published of this journal is room again once its writer has let go of it.
    endJournal()
    drop(click.eventID)
    return false
  }

  /// Closes the journal after a while without a click, so that the relay can remove it.
  ///
  /// - Parameter now: Milliseconds, by the clock of `record`.
  package func closeIfIdle(at now: Int64 = SystemClock.bootMilliseconds()) {
    if file >= 0, now >= lastRecord + idleMilliseconds { endJournal() }
  }

  /// One line by one `write(2)`; a write that was cut short is taken back.
  ///
  /// - Returns: Whether it is written; if not the journal must end. Where part of a line can't be
  ///   taken back the relay sets the torn end aside.
  private func append(_ count: Int) -> Bool {
    while true {
      let written = write(file, line.baseAddress, count)
      if written == count {
        length += written
        return true
      }
      if written < 0, errno == EINTR { continue }
      if written > 0 { _ = ftruncate(file, off_t(length)) }
      return false
    }
  }

  private func drop(_ event: EventID) {
    dropped += 1
    guard countsDrops else { return }
    if counter == nil { counter = DropCounter(directory, ids: droppedIDs) }
    counter?.add(event)
  }

  /// Makes a file that has never been, and takes the lock that the relay respects.
  private func beginJournal() -> Bool {
    for _ in 0..<8 {
      path = directory.file(.random())
      let opened = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o640)
      guard opened >= 0 else { return false }
      var status = stat()
      // The relay may look at the file before it is locked, and even remove it: then make another.
      if flock(opened, LOCK_EX | LOCK_NB) == 0, fstat(opened, &status) == 0, status.st_nlink > 0 {
        file = opened
        length = 0
        return true
      }
      close(opened)
    }
    return false
  }

  /// Whether the path still names the file that is open.
  private var isInPlace: Bool {
    var named = stat()
    var opened = stat()
    return stat(path, &named) == 0 && fstat(file, &opened) == 0
      && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev
  }

  private func endJournal() {
    guard file >= 0 else { return }
    if length == 0 { unlink(path) }  // Nobody else may write to it: it is still locked.
    close(file)
    file = -1
    length = 0
  }
}
