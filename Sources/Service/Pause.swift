import Glibc

/// Sleeping between two tries.
package enum Pause {
  /// The C function: `usleep`; a signal ends it early.
  package static func milliseconds(_ milliseconds: Int64) {
    usleep(UInt32(clamping: milliseconds * 1000))
  }

  /// Sleeps, but no longer than until the process is asked to stop.
  package static func untilStop(milliseconds: Int) {
    let end = SystemClock.bootMilliseconds() + Int64(milliseconds)
    while case let left = end - SystemClock.bootMilliseconds(), left > 0, !Signals.stopRequested {
      Self.milliseconds(min(left, 50))
    }
  }
}
