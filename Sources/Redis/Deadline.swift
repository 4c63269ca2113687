import Glibc

/// A point of CLOCK_MONOTONIC that a conversation with the server must not pass.
struct Deadline {
  private let nanoseconds: Int64

  init(milliseconds: Int) {
    nanoseconds = Self.now() + Int64(milliseconds) * 1_000_000
  }

  /// Waits until `descriptor` is ready for `events` (`poll`).
  ///
  /// It returns false once the deadline has passed. An error counts as ready: the next call on the
  /// descriptor will report it.
  func wait(for descriptor: Int32, _ events: Int32) -> Bool {
    while true {
      var waiting = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      let left = (nanoseconds - Self.now() + 999_999) / 1_000_000
      let ready = poll(&waiting, 1, Int32(clamping: max(0, left)))
      if ready > 0 { return true }
      if ready == 0 || errno != EINTR { return false }
    }
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
