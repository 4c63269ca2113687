import CFastCGI
import Glibc

/// The sockets of one worker, and which of them are ready (`epoll`).
///
/// Signals that are blocked elsewhere come in while it waits (`epoll_pwait`), and now and then when
/// there is never a need to wait.
struct Watcher: ~Copyable {
  /// What is ready, by the tag it was watched with.
  struct Ready {
    let tag: Int
    /// The peer has gone.
    let isHungUp: Bool
  }

  private static let capacity = 64
  /// Waits that found something at once, after which signals are let in all the same.
  private static let waitsWithoutSignals = 64

  private let descriptor: Int32
  private let events: UnsafeMutablePointer<epoll_event>
  private var count = 0
  private var next = 0
  private var waits = 0
  private var mask: sigset_t

  /// - Parameter mask: The signals that stay blocked while it waits.
  /// - Throws: `FastCGIError` when the process may have no more descriptors.
  init(mask: sigset_t) throws(FastCGIError) {
    self.mask = mask
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard descriptor >= 0 else { throw FastCGIError(operation: "epoll_create1", number: errno) }
    events = .allocate(capacity: Self.capacity)
  }

  deinit {
    close(descriptor)
    events.deallocate()
  }

  /// Watches a socket that sibling processes watch, too; one of them is told.
  ///
  /// - Throws: `FastCGIError` when it is none that can be watched.
  func watchShared(_ socket: Int32, tag: Int) throws(FastCGIError) {
    guard swiftlet_watch_shared(descriptor, socket, UInt64(tag)) == 0 else {
      throw FastCGIError(operation: "epoll_ctl", number: errno)
    }
  }

  /// Watches a connection until it is closed; answers whether it can.
  func watch(_ connection: Int32, tag: Int) -> Bool {
    swiftlet_watch(descriptor, connection, UInt64(tag)) == 0
  }

  func unwatch(_ socket: Int32) {
    _ = swiftlet_unwatch(descriptor, socket)
  }

  /// What is ready next; nil when nothing came in time, or a signal did.
  mutating func wait(milliseconds: Int32) -> Ready? {
    if next == count {
      next = 0
      count = 0
      waits += 1
      if waits % Self.waitsWithoutSignals == 0 { admitSignals() }
      count = max(
        0, Int(epoll_pwait(descriptor, events, Int32(Self.capacity), milliseconds, &mask)))
      guard count > 0 else { return nil }
    }
    defer { next += 1 }
    return Ready(
      tag: Int(events[next].data.u64), isHungUp: swiftlet_hung_up(events[next]) != 0)
  }

  /// `epoll_pwait` leaves a signal pending when it has something to tell.
  private mutating func admitSignals() {
    var before = sigset_t()
    pthread_sigmask(SIG_SETMASK, &mask, &before)
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }
}
