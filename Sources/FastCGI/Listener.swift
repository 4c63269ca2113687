import CFastCGI
import Glibc

/// The FastCGI socket that spawn-fcgi or supervisord opened, and the one request at a time that a
/// worker serves from it.
///
/// The library's own way of stopping is unsound under load: a SIGTERM in the midst of
/// `FCGX_Accept_r` drops a request or leaves the worker spinning. So the signals that ask to stop
/// stay blocked, and come in only while the worker waits for something to accept (`epoll_pwait`);
/// `FCGX_Accept_r` is called when there is something, on a socket that doesn't block. A sibling
/// that was faster leaves it with nothing, and it waits again.
///
/// A connection that the peer keeps open holds its worker, also while nothing comes. So a pool
/// needs more workers than its peers keep connections, or must not keep any.
package final class Listener {
  /// Allocated once: libfcgi keeps its buffers in it from request to request.
  private let raw: UnsafeMutablePointer<FCGX_Request>
  private let descriptor: Int32
  /// Watches the listening socket; the kernel wakes one of the workers that share it, not all.
  private let readiness: Int32
  private let keepsConnections: Bool
  private let isStopping: () -> Bool
  /// What is blocked while the worker waits: all that was, but for SIGTERM and SIGINT.
  private var waitingMask = sigset_t()

  /// Takes over a listening socket.
  ///
  /// The C functions: `FCGX_Init`, `FCGX_InitRequest`.
  ///
  /// - Parameters:
  ///   - descriptor: The socket, 0 as the FastCGI specification has it (section 2.2).
  ///   - keepsConnections: Whether a peer that asks for it may send its next request on the same
  ///     connection.
  ///   - isStopping: Whether a signal asked to stop; its handlers are the caller's and stand
  ///     already, else libfcgi would set its own.
  /// - Throws: `FastCGIError` when it is no listening socket.
  package init(
    descriptor: Int32 = 0, keepsConnections: Bool = true, isStopping: @escaping () -> Bool
  ) throws(FastCGIError) {
    self.descriptor = descriptor
    self.keepsConnections = keepsConnections
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

    // How long libfcgi waits at the end of a connection for the peer to hang up, in milliseconds.
    setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "100", 0)
    guard FCGX_Init() == 0 else { throw FastCGIError(operation: "FCGX_Init", number: EINVAL) }
    signal(SIGPIPE, SIG_IGN)
    raw = .allocate(capacity: 1)
    guard FCGX_InitRequest(raw, descriptor, 0) == 0 else {
      raw.deallocate()
      throw FastCGIError(operation: "FCGX_InitRequest", number: EINVAL)
    }

    readiness = swiftlet_watch(descriptor)
    guard readiness >= 0 else {
      let number = errno
      raw.deallocate()
      throw FastCGIError(operation: "epoll", number: number)
    }

    sigprocmask(SIG_SETMASK, nil, &waitingMask)
    sigdelset(&waitingMask, SIGTERM)
    sigdelset(&waitingMask, SIGINT)
  }

  deinit {
    FCGX_Free(raw, 1)
    raw.deallocate()
    close(readiness)
  }

  /// Waits for the next request.
  ///
  /// The C function: `FCGX_Accept_r`.
  ///
  /// - Parameters:
  ///   - idleMilliseconds: How long to wait before `idle` is called, again and again.
  ///   - idle: What the worker does while there is nothing to serve.
  /// - Returns: The request, or nil once asked to stop.
  /// - Throws: `FastCGIError` when the socket can't be used any more.
  package func accept(
    idleMilliseconds: Int32, idle: () -> Void
  ) throws(FastCGIError) -> Exchange? {
    while !isStopping() {
      guard waitUntilReady(milliseconds: idleMilliseconds) else {
        idle()
        continue
      }
      let status = FCGX_Accept_r(raw)
      if status == 0 {
        if !keepsConnections { raw.pointee.keepConnection = 0 }
        return Exchange(adopting: raw)
      }
      switch -status {
      case EAGAIN, EINTR, ECONNABORTED: continue
      case EMFILE, ENFILE, ENOMEM, ENOBUFS: usleep(50_000)
      case EBADF, EINVAL, ENOTSOCK: throw FastCGIError(operation: "accept", number: -status)
      default: continue  // One peer's broken protocol is that peer's trouble.
      }
    }
    return nil
  }

  /// Whether there is something to accept, or to read on the connection that the peer keeps open.
  private func waitUntilReady(milliseconds: Int32) -> Bool {
    let kept = raw.pointee.ipcFd
    return kept >= 0
      ? swiftlet_wait_kept(kept, milliseconds, &waitingMask) > 0
      : swiftlet_wait(readiness, milliseconds, &waitingMask) > 0
  }
}

/// What the socket or libfcgi wouldn't do.
package struct FastCGIError: Error, Equatable, CustomStringConvertible {
  package let operation: String
  /// An `errno`.
  package let number: Int32

  package var description: String { "\(operation): \(String(cString: strerror(number)))" }
}
