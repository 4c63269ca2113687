/// An error of Redis or of the connection to it.
///
/// `description` is safe for a client; `debugDescription` adds the message and goes to the log.
package struct RedisError: Error, Sendable {
  /// A cause on the client's side, or the first word of a Redis error.
  package struct Code: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
      self.rawValue = rawValue
    }

    private init(_ rawValue: String) {
      self.rawValue = rawValue
    }

    /// No session could be opened.
    package static let cannotConnect = Self("cannot-connect")
    /// The session was closed, or broke; the command may or may not have been executed.
    package static let closed = Self("closed")
    /// The deadline passed; the command may or may not have been executed.
    package static let timedOut = Self("timed-out")
    /// Bytes that are no Redis reply, or an unexpected kind of reply.
    package static let unexpectedReply = Self("unexpected-reply")
    package static let malformedURL = Self("malformed-url")
    package static let loading = Self("LOADING")
    package static let misconfigured = Self("MISCONF")
    package static let noAuthentication = Self("NOAUTH")
    package static let outOfMemory = Self("OOM")
    package static let readOnly = Self("READONLY")
  }

  package let code: Code
  package let message: String
  package let operation: String

  package init(_ code: Code, _ message: String, during operation: String) {
    self.code = code
    self.message = message
    self.operation = operation
  }

  /// Whether the session is lost; the outcome of the last command is unknown.
  package var isConnectionLoss: Bool {
    code == .cannotConnect || code == .closed || code == .timedOut || code == .unexpectedReply
  }

  /// Whether a retry may succeed without a change by anybody.
  package var isRetriable: Bool {
    isConnectionLoss || code == .loading
  }

  /// Matches an error by its code: `catch RedisError.Code.timedOut`.
  package static func ~= (code: Code, error: Self) -> Bool {
    error.code == code
  }
}

extension RedisError.Code {
  /// Matches an error by its code in a `catch` that may catch anything.
  package static func ~= (code: Self, error: any Error) -> Bool {
    (error as? RedisError)?.code == code
  }
}

extension RedisError: CustomStringConvertible, CustomDebugStringConvertible {
  package var description: String { "Redis: \(operation) failed (\(code.rawValue))" }

  package var debugDescription: String {
    "Redis: \(operation) failed (\(code.rawValue)): \(message)"
  }
}
