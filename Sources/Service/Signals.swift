import Glibc
import Synchronization

/// The signals that our programs handle: SIGTERM and SIGINT ask to stop, SIGPIPE is ignored.
///
/// A loop checks `stopRequested` at each turn. A loop with long waits keeps SIGTERM and SIGINT
/// blocked. It allows them only while it waits (`epoll_pwait`), so that no signal is missed.
package enum Signals {
  private static let stop = Atomic<Bool>(false)

  package static var stopRequested: Bool { stop.load(ordering: .relaxed) }

  /// Installs the handlers; without `SA_RESTART`, so that a blocking call returns with EINTR.
  ///
  /// - Parameter blocked: Whether SIGTERM and SIGINT stay blocked until a wait allows them.
  package static func install(blocked: Bool = false) {
    _ = stopRequested  // Makes the flag before a handler could be the first to touch it.
    signal(SIGPIPE, SIG_IGN)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Signals.stop.store(true, ordering: .relaxed) }
    var stopping = sigset_t()
    sigemptyset(&stopping)
    for number in [SIGTERM, SIGINT] {
      sigaction(number, &action, nil)
      sigaddset(&stopping, number)
    }
    if blocked { sigprocmask(SIG_BLOCK, &stopping, nil) }
  }

  /// Ignores requests to stop from here on, and one that has come: what is left must be done.
  package static func ignoreStops() {
    for number in [SIGTERM, SIGINT] { signal(number, SIG_IGN) }
    stop.store(false, ordering: .relaxed)
  }
}
