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

  /// Since some moment in the past; never steps, stands still while the machine sleeps.
  ///
  /// The C function: `clock_gettime(CLOCK_MONOTONIC)`, which the kernel answers without a system
  /// call.
  package static func nanoseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  /// The time now for a log line.
  static func rfc3339() -> String {
    let now = milliseconds()
    var seconds = time_t(now / 1000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    let count = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S.", &parts)
    let text = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let fraction = String(now % 1000)
    return text + String(repeating: "0", count: 3 - fraction.utf8.count) + fraction + "Z"
  }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
