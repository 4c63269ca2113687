import CFastCGI
import Glibc

/// A FastCGI socket, the connections that one worker has from it, and the requests that it serves.
///
/// spawn-fcgi or supervisord has opened the socket. Requests are served one at a time, or a few that
/// have arrived together.
///
/// A peer that keeps its connection open (FCGI_KEEP_CONN) holds one of the worker's `connections`,
/// not the worker: requests are served in the order in which they become readable, whichever
/// connection they come on. So few workers serve many connections, and what one request has brought
/// into the processor's caches serves the next. While one is served the others wait: what may take
/// long belongs in a pool of its own.
///
/// The library's own way of stopping is unsound under load: a SIGTERM in the midst of
/// `FCGX_Accept_r` drops a request or leaves the worker spinning. So the signals that ask to stop
/// stay blocked, and come in only while the worker waits (`Watcher`); `FCGX_Accept_r` is called when
/// there is something, on a socket that doesn't block. A sibling that was faster leaves it with
/// nothing, and it waits again.
///
/// On shutdown it accepts no new connection. It serves the open ones until the peer's shorter
/// keep-alive timeout has closed them. Closing one here could lose a non-idempotent request that was
/// already sent.
package final class Listener {
  private static let listenerTag = Int(Int32.max)
  /// How long a stopping worker waits for peers that don't close their connections.
  private static let drainMilliseconds = 5000
  /// Between two looks whether that is over.
  private static let drainLookMilliseconds: Int32 = 100

  private let descriptor: Int32
  private let isStopping: () -> Bool
  private var watcher: Watcher
  /// One a connection, since libfcgi keeps a connection in its request; allocated once.
  private let slots: UnsafeMutablePointer<FCGX_Request>
  private let connections: Int
  private var free: [Int]
  /// By slot: whether its connection was kept, so that requests may come on it.
  private var isKept: [Bool]
  /// The slots whose exchanges were handed out since `accept` was called last.
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
  ///   - backlog: What is kept up to date about the requests that wait.
  ///   - isStopping: Whether a signal asked to stop; its handlers are the caller's and stand
  ///     already, else libfcgi would set its own.
  /// - Throws: `FastCGIError` when it is no listening socket.
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
    sigdelset(&mask, SIGTERM)
    sigdelset(&mask, SIGINT)
    watcher = try Watcher(mask: mask, backlog: backlog)

    // How long libfcgi waits at a connection's beginning for the peer to send something, and at its end
    // for the peer to hang up, in milliseconds.
    setenv("LIBFCGI_IS_AF_UNIX_KEEPER_POLL_TIMEOUT", "200", 0)
    setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "100", 0)
    guard FCGX_Init() == 0 else { throw FastCGIError(operation: "FCGX_Init", number: EINVAL) }
    signal(SIGPIPE, SIG_IGN)
    // It would end libfcgi's accepting for good.
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

  /// Waits for the next request; those before must have ended.
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

  /// The next of the requests that are known to have arrived, while those before may be open still.
  ///
  /// - Returns: The request, or nil when that is not known of any more: this never waits.
  /// - Throws: `FastCGIError` when the socket can't be used any more.
  package func acceptReady() throws(FastCGIError) -> Exchange? {
    while let ready = watcher.nextReady() {
      if let exchange = try exchange(ready) { return exchange }
    }
    return nil
  }

  /// Whether the next request is known to have arrived, so that `accept` won't wait.
  package var hasReady: Bool { watcher.hasReady }

  /// The request on what is ready; nil when there is none after all.
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
  /// Takes a connection and the request on it into a free slot; nil when there was none after all.
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

  /// Looks what became of the connection of an exchange that has ended.
  private func settle(_ slot: Int) throws(FastCGIError) {
    let connection = slots[slot].ipcFd
    if connection >= 0, isKept[slot] { return }
    guard connection >= 0, keep(connection, slot) else { return try release(slot) }
  }

  /// Waits for requests on a connection from now on; false when that can't be.
  private func keep(_ connection: Int32, _ slot: Int) -> Bool {
    // A peer that stops amid a request must not hold the others up. (Amid its first one it can: libfcgi
    // accepts and reads in one call. nginx sends a request's head in one piece.)
    var patience = timeval(tv_sec: 2, tv_usec: 0)
    isKept[slot] =
      setsockopt(
        connection, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size)) == 0
      && watcher.watch(connection, tag: slot)
    return isKept[slot]
  }

  /// Closes a slot's connection, if it isn't yet, and has the slot for another one.
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

  /// Accepts no more; whether all connections are closed, or have had their time.
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

/// What the socket or libfcgi wouldn't do.
package struct FastCGIError: Error, Equatable, CustomStringConvertible {
  package let operation: String
  /// An `errno`.
  package let number: Int32

  package var description: String { "\(operation): \(String(cString: strerror(number)))" }
}
