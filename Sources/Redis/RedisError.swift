/// What Redis, or the way to it, refused to do.
///
/// `description` is safe for a stranger; `debugDescription` adds the message and goes to the log.
package struct RedisError: Error, Sendable {
  /// A cause on our side of the wire, or the word that a Redis error begins with.
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
    /// The session was closed, or broke; what was asked may or may not have been done.
    package static let closed = Self("closed")
    /// The deadline passed; what was asked may or may not have been done.
    package static let timedOut = Self("timed-out")
    /// Bytes that are no Redis reply, or a reply of a kind that makes no sense here.
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

  /// The session is gone, and nothing but that is known of what was asked last.
  package var isConnectionLoss: Bool {
    code == .cannotConnect || code == .closed || code == .timedOut || code == .unexpectedReply
  }

  /// Trying the same thing again may succeed without anybody changing anything.
  package var isRetriable: Bool {
    isConnectionLoss || code == .loading
  }

  /// Lets `catch RedisError.Code.timedOut` read like prose.
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
