import CFastCGI
import Glibc

/// The sockets of one worker, and which of them are ready (`epoll`).
///
/// Signals are blocked elsewhere. They are delivered while it waits (`epoll_pwait`), and every 100
/// ms when it never has to wait.
struct Watcher: ~Copyable {
  /// What is ready, by the tag it was watched with.
  struct Ready {
    let tag: Int
    /// The peer has gone.
    let isHungUp: Bool
  }

  private static let capacity = 64
  /// The longest time between two deliveries of signals when it never has to wait.
  private static let signalMilliseconds = 100

  private let descriptor: Int32
  private let events: UnsafeMutablePointer<epoll_event>
  private var count = 0
  private var next = 0
  /// When signals were last delivered, by the coarse monotonic clock.
  private var admittedAt = 0
  private var mask: sigset_t
  /// The tag of the socket that sibling processes watch too.
  private var sharedTag: Int?
  private let backlog: Backlog

  /// - Parameters:
  ///   - mask: The signals that stay blocked while it waits.
  ///   - backlog: Notified whenever it had to wait.
  /// - Throws: `FastCGIError` when the process has reached its limit of descriptors.
  init(mask: sigset_t, backlog: Backlog) throws(FastCGIError) {
    self.mask = mask
    self.backlog = backlog
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard descriptor >= 0 else { throw FastCGIError(operation: "epoll_create1", number: errno) }
    events = .allocate(capacity: Self.capacity)
  }

  deinit {
    close(descriptor)
    events.deallocate()
  }

  /// Watches a socket that sibling processes watch too; the kernel wakes one of them.
  ///
  /// - Throws: `FastCGIError` when the descriptor can't be watched.
  mutating func watchShared(_ socket: Int32, tag: Int) throws(FastCGIError) {
    guard swiftlet_watch_shared(descriptor, socket, UInt64(tag)) == 0 else {
      throw FastCGIError(operation: "epoll_ctl", number: errno)
    }
    sharedTag = tag
  }

  /// Watches a connection until it is closed.
  ///
  /// - Returns: Whether it can be watched.
  func watch(_ connection: Int32, tag: Int) -> Bool {
    swiftlet_watch(descriptor, connection, UInt64(tag)) == 0
  }

  func unwatch(_ socket: Int32) {
    _ = swiftlet_unwatch(descriptor, socket)
  }

  /// Whether `wait` would return something ready without waiting.
  var hasReady: Bool { next < count }

  /// What is ready next; nil after the time-out or a signal.
  mutating func wait(milliseconds: Int32) -> Ready? {
    if next == count {
      next = 0
      count = 0
      let now = Self.now()
      if now >= admittedAt + Self.signalMilliseconds {
        admittedAt = now
        admitSignals()
        // Return, so that the caller checks the stop flag before it waits again.
        return nil
      }
      count = max(
        0, Int(epoll_pwait(descriptor, events, Int32(Self.capacity), milliseconds, &mask)))
      // A wait is noticed by the clock's ticks, so a shorter one may go unseen. A single ready
      // connection has waited for one request at most. Behind a socket there may be more.
      let end = Self.now()
      if end != now || count == 1 && Int(events[0].data.u64) != sharedTag {
        backlog.wasEmpty(at: end)
      }
    }
    return nextReady()
  }

  /// What is ready next without waiting; nil if nothing is known to be ready.
  mutating func nextReady() -> Ready? {
    guard next < count else { return nil }
    defer { next += 1 }
    return Ready(
      tag: Int(events[next].data.u64), isHungUp: swiftlet_hung_up(events[next]) != 0)
  }

  /// Milliseconds of the coarse monotonic clock.
  static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  /// `epoll_pwait` leaves a signal pending when it has something to tell.
  private mutating func admitSignals() {
    var before = sigset_t()
    pthread_sigmask(SIG_SETMASK, &mask, &before)
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }
}
