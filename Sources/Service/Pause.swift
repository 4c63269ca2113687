import Glibc

/// Sleeping between two tries.
package enum Pause {
  /// The C function: `usleep`; a signal ends it early.
  package static func milliseconds(_ milliseconds: Int64) {
    usleep(UInt32(clamping: milliseconds * 1000))
  }
}
