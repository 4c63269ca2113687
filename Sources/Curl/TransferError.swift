internal import CCurl
internal import Glibc

/// The failure of a transfer without a complete answer.
package struct TransferError: Error, Equatable, CustomStringConvertible {
  package enum Cause: Equatable, Sendable {
    /// No connection was made: the server has seen nothing of the request.
    case unreachable
    /// As `unreachable`: the backlog of the server's socket is full.
    case backlogFull
    /// The connection was made, and no complete answer came: the server may have executed the
    /// request.
    case interrupted
    /// As `interrupted`: the time limit was reached.
    case timedOut
    /// The server's certificate is not valid here: nothing was sent.
    case untrusted
    /// The answer is longer than its limit.
    case tooLong
  }

  package let cause: Cause
  /// The system's message, or libcurl's.
  package let description: String

  init(_ cause: Cause, _ description: String) {
    self.cause = cause
    self.description = description
  }

  /// The error for libcurl's result of a transfer.
  ///
  /// - Parameters:
  ///   - code: Not `CURLE_OK`.
  ///   - detail: The handle's `CURLOPT_ERRORBUFFER`; may be empty.
  ///   - systemError: The handle's `CURLINFO_OS_ERRNO`; 0 for none.
  ///   - isUnix: Whether it went to a Unix socket.
  init(code: CURLcode, detail: String, systemError: Int32, isUnix: Bool) {
    let said = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
    switch code {
    case CURLE_COULDNT_CONNECT where systemError != 0:
      self.init(.unreachable, String(cString: strerror(systemError)))
    // A Unix socket's connect(2) fails at once: only EAGAIN makes libcurl wait, in vain.
    case CURLE_COULDNT_CONNECT where isUnix:
      self.init(.backlogFull, "its backlog is full")
    case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST: self.init(.unreachable, said)
    case CURLE_PEER_FAILED_VERIFICATION: self.init(.untrusted, said)
    case CURLE_OPERATION_TIMEDOUT: self.init(.timedOut, said)
    // Only our own write callback ends a transfer like this.
    case CURLE_WRITE_ERROR: self.init(.tooLong, "the answer is longer than is taken")
    default: self.init(.interrupted, said)
    }
  }
}
