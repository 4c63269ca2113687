import CFastCGI
import Glibc

/// A FastCGI socket with one worker's connections and the requests on them.
///
/// spawn-fcgi or supervisord has opened the socket. Requests are served one at a time, or a few
/// that arrived together.
///
/// A peer that keeps its connection open (FCGI_KEEP_CONN) occupies one of the worker's
/// `connections`, not the worker. Requests are served in the order in which they become readable,
/// on any connection. While one is served the others wait: slow work belongs in another pool.
///
/// The library's own way of stopping is unsound under load: a SIGTERM during `FCGX_Accept_r` drops
/// a request or leaves the worker spinning. So the stop signals stay blocked, and are delivered
/// only while the worker waits (`Watcher`). `FCGX_Accept_r` is called on a non-blocking socket once
/// it is readable. When a sibling was faster it returns without a request, and the worker waits
/// again.
///
/// On shutdown it accepts no new connection, and serves the open ones until the peer's shorter
/// keep-alive timeout closes them. Closing one here could lose a non-idempotent request already
/// sent.
package final class Listener {
  private static let listenerTag = Int(Int32.max)
  /// How long a stopping worker waits for peers that don't close their connections.
  private static let drainMilliseconds = 5000
  /// The interval at which a stopping worker checks its connections.
  private static let drainLookMilliseconds: Int32 = 100

  private let descriptor: Int32
  private let isStopping: () -> Bool
  private var watcher: Watcher
  /// One slot per connection, since libfcgi keeps a connection in its request; allocated once.
  private let slots: UnsafeMutablePointer<FCGX_Request>
  private let connections: Int
  private var free: [Int]
  /// By slot: whether its connection was kept open for further requests.
  private var isKept: [Bool]
  /// The slots whose exchanges were returned since the last `accept`.
  private var served: [Int] = []
  private var isListening = false
  /// When a stopping worker gives up waiting, in milliseconds of the monotonic clock.
  private var drainEnd: Int?

  /// Takes over a listening socket.
  ///
  /// The C functions: `FCGX_Init`, `FCGX_InitRequest`.
  ///
  /// - Parameters:
  ///   - descriptor: The socket, 0 as the FastCGI specification has it (section 2.2).
  ///   - connections: How many connections the worker may have at a time.
  ///   - backlog: Updated with what is known of waiting requests.
  ///   - isStopping: Whether a signal asked to stop. The caller has installed its handlers before,
  ///     since libfcgi would install its own otherwise.
  /// - Throws: `FastCGIError` when the descriptor is no listening socket.
  package init(
    descriptor: Int32 = 0, connections: Int, backlog: Backlog = Backlog(),
    isStopping: @escaping () -> Bool
  ) throws(FastCGIError) {
    self.descriptor = descriptor
    self.connections = connections
    self.isStopping = isStopping

    var isListening: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0,
      isListening != 0
    else {
      throw FastCGIError(operation: "descriptor \(descriptor)", number: ENOTSOCK)
    }
    let flags = fcntl(descriptor, F_GETFL)
    guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 else {
      throw FastCGIError(operation: "fcntl", number: errno)
    }

    var mask = sigset_t()
    pthread_sigmask(SIG_SETMASK, nil, &mask)
    for number in [SIGTERM, SIGINT, SIGHUP] { sigdelset(&mask, number) }
    watcher = try Watcher(mask: mask, backlog: backlog)

    // Milliseconds that libfcgi waits at a connection's beginning for bytes, and at its end for a
    // hang-up.
    setenv("LIBFCGI_IS_AF_UNIX_KEEPER_POLL_TIMEOUT", "200", 0)
    setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "100", 0)
    guard FCGX_Init() == 0 else { throw FastCGIError(operation: "FCGX_Init", number: EINVAL) }
    signal(SIGPIPE, SIG_IGN)
    // libfcgi stops accepting for good after this signal.
    signal(SIGUSR1, SIG_IGN)
    slots = .allocate(capacity: connections)
    free = Array((0..<connections).reversed())
    isKept = Array(repeating: false, count: connections)
    var none = FCGX_Request()
    none.ipcFd = -1
    slots.initialize(repeating: none, count: connections)
    for slot in 0..<connections {
      guard FCGX_InitRequest(slots + slot, descriptor, 0) == 0 else {
        throw FastCGIError(operation: "FCGX_InitRequest", number: EINVAL)
      }
    }
    try listen()
  }

  deinit {
    for slot in 0..<connections {
      // Else libfcgi would wait for each peer to hang up.
      slots[slot].detached = 1
      FCGX_Free(slots + slot, 1)
    }
    slots.deallocate()
  }

  /// Waits for the next request; earlier ones must have ended.
  ///
  /// The C function: `FCGX_Accept_r`.
  ///
  /// - Parameters:
  ///   - idleMilliseconds: How long to wait before `idle` is called, again and again.
  ///   - idle: What the worker does while there is nothing to serve.
  /// - Returns: The request, or nil once asked to stop and done.
  /// - Throws: `FastCGIError` when the socket can't be used any more.
  package func accept(
    idleMilliseconds: Int32, idle: () -> Void
  ) throws(FastCGIError) -> Exchange? {
    while let slot = served.popLast() { try settle(slot) }
    while !(isStopping() && isDrained()) {
      let patience =
        drainEnd == nil ? idleMilliseconds : min(idleMilliseconds, Self.drainLookMilliseconds)
      guard let ready = watcher.wait(milliseconds: patience) else {
        idle()
        continue
      }
      if let exchange = try exchange(ready) { return exchange }
    }
    return nil
  }

  /// The next request that is known to have arrived; earlier ones may still be open.
  ///
  /// - Returns: The request, or nil if none is known to have arrived. Never waits.
  /// - Throws: `FastCGIError` when the socket can't be used any more.
  package func acceptReady() throws(FastCGIError) -> Exchange? {
    while let ready = watcher.nextReady() {
      if let exchange = try exchange(ready) { return exchange }
    }
    return nil
  }

  /// Whether the next request is known to have arrived, so that `accept` won't wait.
  package var hasReady: Bool { watcher.hasReady }

  /// The request on a ready descriptor; nil when there is none after all.
  private func exchange(_ ready: Watcher.Ready) throws(FastCGIError) -> Exchange? {
    if ready.tag == Self.listenerTag {
      guard let slot = try acceptConnection() else { return nil }
      return exchange(slot)
    }
    if !ready.isHungUp, FCGX_Accept_r(slots + ready.tag) == 0 { return exchange(ready.tag) }
    try release(ready.tag)
    return nil
  }

  private func exchange(_ slot: Int) -> Exchange {
    served.append(slot)
    return Exchange(adopting: slots + slot)
  }
}

// MARK: - Connections

extension Listener {
  /// Accepts a connection and its first request into a free slot; nil when there was none after
  /// all.
  private func acceptConnection() throws(FastCGIError) -> Int? {
    // It may have become ready just before it was closed.
    guard isListening, let slot = free.last else { return nil }
    slots[slot].listen_sock = descriptor
    let status = FCGX_Accept_r(slots + slot)
    // Else libfcgi would accept another one when this one fails.
    slots[slot].listen_sock = -1
    switch -status {
    case 0: break
    case EMFILE, ENFILE, ENOMEM, ENOBUFS:
      usleep(50_000)
      return nil
    case EBADF, EINVAL, ENOTSOCK: throw FastCGIError(operation: "accept", number: -status)
    default: return nil  // Nothing to accept; or one peer's broken protocol, that peer's trouble.
    }
    free.removeLast()
    if free.isEmpty { unlisten() }
    return slot
  }

  /// Keeps or closes the connection of an exchange that has ended.
  private func settle(_ slot: Int) throws(FastCGIError) {
    let connection = slots[slot].ipcFd
    if connection >= 0, isKept[slot] { return }
    guard connection >= 0, keep(connection, slot) else { return try release(slot) }
  }

  /// Watches a kept connection for further requests; returns false when it can't be watched.
  private func keep(_ connection: Int32, _ slot: Int) -> Bool {
    // A peer that stops in the middle of a request must not hold up the others. During its first
    // request it still can, because libfcgi accepts and reads in one call. nginx sends a request's
    // head in one piece.
    var patience = timeval(tv_sec: 2, tv_usec: 0)
    isKept[slot] =
      setsockopt(
        connection, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size)) == 0
      && watcher.watch(connection, tag: slot)
    return isKept[slot]
  }

  /// Closes a slot's connection if it is open, and frees the slot.
  private func release(_ slot: Int) throws(FastCGIError) {
    FCGX_Free(slots + slot, 1)
    isKept[slot] = false
    free.append(slot)
    if !isListening, drainEnd == nil { try listen() }
  }

  private func listen() throws(FastCGIError) {
    try watcher.watchShared(descriptor, tag: Self.listenerTag)
    isListening = true
  }

  private func unlisten() {
    watcher.unwatch(descriptor)
    isListening = false
  }

  /// Stops accepting; returns whether all connections are closed or the time to drain is over.
  private func isDrained() -> Bool {
    let now = Watcher.now()
    guard let drainEnd else {
      if isListening { unlisten() }
      self.drainEnd = now + Self.drainMilliseconds
      return free.count == connections
    }
    return free.count == connections || now >= drainEnd
  }
}

/// A failed call on the socket or in libfcgi.
package struct FastCGIError: Error, Equatable, CustomStringConvertible {
  package let operation: String
  /// An `errno`.
  package let number: Int32

  package var description: String { "\(operation): \(String(cString: strerror(number)))" }
}
