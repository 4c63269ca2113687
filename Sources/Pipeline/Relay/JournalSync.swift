import Clicks
import Files
import Glibc
import Journals
import Logging
import Service
import Synchronization

/// Syncs bytes to the disk that the broker has not confirmed within JOURNAL_SYNC_MS.
///
/// So a power cut takes at most the clicks of that time.
///
/// It is the relay's only helper thread. A disk may be slow, and meanwhile messages must be
/// published and heartbeats sent. A silent broker must not delay the sync. While the broker
/// confirms in time, nothing is synced at all. The writers never wait for it.
final class JournalSync: Sendable {
  private let directory: JournalDirectory
  private let limit: Int64
  private let log: Logger
  /// The pause after a journal could not be synced.
  private static let failureMilliseconds: Int64 = 5000
  private let confirmed = Mutex<[JournalID: Int]>([:])

  /// - Parameters:
  ///   - directory: The journals' directory.
  ///   - milliseconds: How long a byte may stay neither confirmed nor synced.
  ///   - log: Gets failures of the disk.
  init(_ directory: JournalDirectory, after milliseconds: Int, log: Logger) {
    self.directory = directory
    limit = Int64(milliseconds)
    self.log = log
  }

  /// Sets each journal's confirmed end; a journal that is missing counts as not confirmed.
  func note(confirmed ends: [JournalID: Int]) {
    confirmed.withLock { $0 = ends }
  }

  /// Starts the thread, which runs until the process ends.
  ///
  /// - Throws: When the thread can't be created.
  func start() throws(FileError) {
    let status = Signals.startThread { self.run() }
    guard status == 0 else {
      throw FileError("start a thread for", directory.path, code: status)
    }
  }

  /// The thread's state.
  private struct Progress {
    var schedule: SyncSchedule
    /// Whether a journal is synced and its name in the directory is not.
    var isDirectoryDue = false
    /// Journals that could not be synced, and until when each is skipped.
    var failing: [JournalID: Int64] = [:]
  }

  private func run() {
    // A byte is first seen at most one pause after it was written.
    let pause = max(1, limit / 4)
    var progress = Progress(schedule: SyncSchedule(limit: limit - pause))
    var isFailing = false
    while true {
      let began = SystemClock.bootMilliseconds()
      var looking: Int64 = 0
      var failure: FileError?
      do throws(FileError) {
        let due = try look(&progress)
        looking = SystemClock.bootMilliseconds() - began
        failure = try sync(due, &progress)
      } catch {
        failure = error
      }
      if let failure, !isFailing {
        log.error("can't sync the journals", metadata: ["error": "\(failure)"])
      }
      isFailing = failure != nil || !progress.failing.isEmpty
      // There may be thousands of journals: the look at them may take a tenth of the time at most.
      Pause.milliseconds(max(pause, 9 * looking))
    }
  }

  /// Syncs the journals that are due, then the directory if one of them is new.
  ///
  /// - Returns: The failure of one of them; the others are synced.
  /// - Throws: When the directory can't be synced; it stays due.
  private func sync(
    _ due: [(JournalID, size: Int)], _ progress: inout Progress
  ) throws(FileError) -> FileError? {
    guard !due.isEmpty || progress.isDirectoryDue else { return nil }
    var failure: FileError?
    let opened = try Directory(directory.path)
    for (journal, size) in due {
      do throws(FileError) {
        guard try JournalDirectory.sync(journal, in: opened) else { continue }
        if progress.schedule.synced(journal, to: size) { progress.isDirectoryDue = true }
      } catch {
        progress.failing[journal] = SystemClock.bootMilliseconds() + Self.failureMilliseconds
        failure = error
      }
    }
    if progress.isDirectoryDue { try opened.sync() }
    progress.isDirectoryDue = false
    return failure
  }

  /// The journals that are due, without skipped ones, each with a size that it has at least.
  private func look(
    _ progress: inout Progress
  ) throws(FileError) -> [(JournalID, size: Int)] {
    let confirmed = confirmed.withLock { $0 }
    var there: Set<JournalID> = []
    var due: [(JournalID, size: Int)] = []
    let now = SystemClock.bootMilliseconds()
    try directory.visit { entry in
      guard entry.isJournal else { return }
      let journal = entry.journal
      there.insert(journal)
      let isDue = progress.schedule.look(
        at: journal, size: entry.bytes, confirmed: confirmed[journal] ?? 0, now: now)
      if isDue, now >= progress.failing[journal] ?? now { due.append((journal, entry.bytes)) }
    }
    progress.schedule.keep(only: there)
    progress.failing = progress.failing.filter { there.contains($0.key) }
    return due
  }
}
