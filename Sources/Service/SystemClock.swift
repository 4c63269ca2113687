import Glibc

/// The clocks of this machine, in milliseconds unless their names say otherwise.
package enum SystemClock {
  /// Since 1970-01-01T00:00:00Z; may step either way.
  ///
  /// The C function: `clock_gettime(CLOCK_REALTIME)`.
  package static func milliseconds() -> Int64 { read(CLOCK_REALTIME) }

  /// Since boot, also counting the time the machine slept; never steps.
  ///
  /// The C function: `clock_gettime(CLOCK_BOOTTIME)`.
  package static func bootMilliseconds() -> Int64 { read(CLOCK_BOOTTIME) }

  /// Since an unspecified moment; never steps, stands still while the machine sleeps.
  ///
  /// nginx's Lua uses this clock. The C function: `clock_gettime(CLOCK_MONOTONIC)`.
  package static func monotonicMilliseconds() -> Int64 { read(CLOCK_MONOTONIC) }

  /// The same in nanoseconds.
  ///
  /// The C function: `clock_gettime(CLOCK_MONOTONIC)`, which the kernel answers without a system
  /// call.
  package static func nanoseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
