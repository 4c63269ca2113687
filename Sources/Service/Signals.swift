import Glibc
import Synchronization

/// The signals that our programs handle: SIGTERM and SIGINT ask to stop, SIGPIPE is ignored.
///
/// A loop checks `stopRequested` at each turn. A loop with long waits keeps SIGTERM and SIGINT
/// blocked. It allows them only while it waits (`epoll_pwait`), so that no signal is missed.
package enum Signals {
  private static let stop = Atomic<Bool>(false)
  /// The signals that ask to stop.
  private static let stops = [SIGTERM, SIGINT]
  private static var stopSet: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for number in stops { sigaddset(&set, number) }
    return set
  }

  package static var stopRequested: Bool { stop.load(ordering: .relaxed) }

  /// Installs the handlers; without `SA_RESTART`, so that a blocking call returns with EINTR.
  ///
  /// - Parameter blocked: Whether SIGTERM and SIGINT stay blocked until a wait allows them.
  package static func install(blocked: Bool = false) {
    _ = stopRequested  // Makes the flag before a handler could be the first to touch it.
    signal(SIGPIPE, SIG_IGN)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Signals.stop.store(true, ordering: .relaxed) }
    for number in stops { sigaction(number, &action, nil) }
    if blocked {
      var stopping = stopSet
      sigprocmask(SIG_BLOCK, &stopping, nil)
    }
  }

  /// Starts a thread for `work`, which runs until the process ends (`pthread_create`).
  ///
  /// SIGTERM and SIGINT stay with the calling thread, whose waits they must end.
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

  /// Ignores requests to stop and the terminal's end from here on, and one that has come: what is left must
  /// be done.
  package static func ignoreStops() {
    for number in stops + [SIGHUP] { signal(number, SIG_IGN) }
    stop.store(false, ordering: .relaxed)
  }
}
