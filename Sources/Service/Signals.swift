import Glibc
import Synchronization

/// The signals that our programs handle.
///
/// SIGTERM and SIGINT ask to stop. So does SIGHUP, the end of the terminal, unless it is ignored from
/// the start (nohup). SIGPIPE is ignored.
///
/// A loop checks `stopRequested` at each turn. A loop with long waits keeps these signals blocked. It
/// allows them only while it waits (`epoll_pwait`), so that no signal is missed.
package enum Signals {
  private static let stop = Atomic<Bool>(false)
  /// The signals that ask to stop.
  private static let stops = [SIGTERM, SIGINT, SIGHUP]
  private static var stopSet: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for number in stops { sigaddset(&set, number) }
    return set
  }

  package static var stopRequested: Bool { stop.load(ordering: .relaxed) }

  /// Installs the handlers; without `SA_RESTART`, so that a blocking call returns with EINTR.
  ///
  /// - Parameter blocked: Whether `stops` stay blocked until a wait allows them.
  package static func install(blocked: Bool = false) {
    _ = stopRequested  // Makes the flag before a handler could be the first to touch it.
    signal(SIGPIPE, SIG_IGN)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Signals.stop.store(true, ordering: .relaxed) }
    for number in stops where number != SIGHUP || !isIgnored(SIGHUP) {
      sigaction(number, &action, nil)
    }
    if blocked {
      var stopping = stopSet
      sigprocmask(SIG_BLOCK, &stopping, nil)
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    // SIG_IGN is no function, and so can't be compared as one.
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  /// Starts a thread for `work`, which runs until the process ends (`pthread_create`).
  ///
  /// Signals that ask to stop stay with the calling thread, whose waits they must end.
  ///
  /// - Returns: 0, or the error number.
  package static func startThread(_ work: @escaping @Sendable () -> Void) -> Int32 {
    final class Work: Sendable {
      let run: @Sendable () -> Void
      init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    var stopping = stopSet
    var before = sigset_t()
    pthread_sigmask(SIG_BLOCK, &stopping, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Work(work))
    let status = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, context.toOpaque())
    if status == 0 { pthread_detach(thread) } else { context.release() }
    return status
  }

  /// Ignores requests to stop from here on, and one that has come: what is left must be done.
  package static func ignoreStops() {
    for number in stops { signal(number, SIG_IGN) }
    stop.store(false, ordering: .relaxed)
  }
}
