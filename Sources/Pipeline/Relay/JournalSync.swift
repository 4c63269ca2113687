import Clicks
import Files
import Glibc
import Journals
import Logging
import Service
import Synchronization

/// Syncs to the disk what the broker has not confirmed within JOURNAL_SYNC_MS: a power cut takes no
/// more than the clicks of that time.
///
/// It is the relay's one helper thread. A disk may take its time, and meanwhile messages must be
/// published and heartbeats sent. A silent broker must not keep the disk waiting. While the broker
/// confirms in time, nothing is synced at all. The writers never wait for it.
final class JournalSync: Sendable {
  private let directory: JournalDirectory
  private let limit: Int64
  private let log: Logger
  /// How long a journal that can't be synced is left alone.
  private static let failureMilliseconds: Int64 = 5000
  private let confirmed = Mutex<[JournalID: Int]>([:])

  /// - Parameters:
  ///   - directory: The journals' directory.
  ///   - milliseconds: How long a byte may be neither confirmed nor synced.
  ///   - log: Told when the disk fails.
  init(_ directory: JournalDirectory, after milliseconds: Int, log: Logger) {
    self.directory = directory
    limit = Int64(milliseconds)
    self.log = log
  }

  /// Tells how far the broker has each journal; one that isn't named counts as not confirmed.
  func note(confirmed ends: [JournalID: Int]) {
    confirmed.withLock { $0 = ends }
  }

  /// Begins; it goes on until the process ends.
  ///
  /// The C function: `pthread_create`. SIGTERM and SIGINT stay with the thread that calls this, whose
  /// waits they are to end.
  ///
  /// - Throws: When there can be no thread.
  func start() throws(FileError) {
    var stopping = sigset_t()
    var before = sigset_t()
    sigemptyset(&stopping)
    for signal in [SIGTERM, SIGINT] { sigaddset(&stopping, signal) }
    pthread_sigmask(SIG_BLOCK, &stopping, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<JournalSync>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, context.toOpaque())
    guard status == 0 else {
      context.release()
      throw FileError("start a thread for", directory.path, code: status)
    }
    pthread_detach(thread)
  }

  /// What the thread knows of the journals.
  private struct Progress {
    var schedule: SyncSchedule
    /// Whether a journal is synced whose name in the directory is not.
    var isDirectoryDue = false
    /// Journals that couldn't be synced, and until when each is left alone.
    var failing: [JournalID: Int64] = [:]
  }

  private func run() {
    // A byte is first seen up to one pause after it was written.
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
      // Thousands of journals may lie there: looking at them is to take a tenth of the time at most.
      Pause.milliseconds(max(pause, 9 * looking))
    }
  }

  /// Syncs the journals that are due, then the directory if one of them is new.
  ///
  /// - Returns: Why one of them couldn't be synced; the others are.
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

  /// The journals that are due, with the size that each had at least; not those that are left alone.
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
