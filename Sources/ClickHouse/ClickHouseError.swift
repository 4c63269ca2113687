internal import Curl

/// The failure of a request to ClickHouse, and what a caller can conclude from it.
package struct ClickHouseError: Error, Equatable, CustomStringConvertible,
  CustomDebugStringConvertible
{
  /// The kind of the failure.
  package enum Cause: Equatable, Sendable {
    /// No connection was made: the server has seen nothing of the request.
    case unreachable
    /// The connection was made, and no complete answer came: the server may have executed the
    /// request.
    case interrupted
    /// As `interrupted`: the time limit was reached.
    case timedOut
    /// The server answered with an error of its own.
    case refused(Code)
    /// An unexpected answer.
    case unexpected
  }

  /// A number in the server's list of errors.
  package struct Code: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
      self.rawValue = rawValue
    }

    package static let tableAlreadyExists = Code(rawValue: 57)
    package static let unknownTable = Code(rawValue: 60)
    package static let cannotOpenFile = Code(rawValue: 76)
    package static let unknownDatabase = Code(rawValue: 81)
    package static let directoryAlreadyExists = Code(rawValue: 84)
    package static let unknownSetting = Code(rawValue: 115)
    package static let queryIsRunning = Code(rawValue: 216)
    package static let tableIsDropped = Code(rawValue: 218)
    package static let timeoutExceeded = Code(rawValue: 159)
    package static let notEnoughSpace = Code(rawValue: 243)
    package static let tooManyParts = Code(rawValue: 252)

    /// Temporary errors: overload, memory, space, connections, quotas, locks, shutdown.
    static let passing: Set<Int> = [
      74, 75, 76, 159, 164, 173, 201, 202, 203, 209, 210, 225, 236, 241, 242, 243, 252, 319, 394,
      425, 473, 999, 1000,
    ]

    /// Errors of a statement that exceeds a limit: of time, rows, bytes or memory.
    static let excessive: Set<Int> = [158, 159, 241, 307, 396]

    package static func ~= (pattern: Code, error: any Error) -> Bool {
      guard let error = error as? ClickHouseError, case .refused(let code) = error.cause else {
        return false
      }
      return code == pattern
    }
  }

  package let cause: Cause
  /// The operation, for the log.
  package let operation: String
  /// The message of the server or of libcurl; it may hold parts of the query.
  package let message: String

  /// Whether the same request may succeed later without a change of it or of the schema.
  package var isRetriable: Bool {
    switch cause {
    case .unreachable, .interrupted, .timedOut: true
    case .refused(let code): Code.passing.contains(code.rawValue)
    case .unexpected: false
    }
  }

  /// Whether the server refused to execute the request, now and later.
  ///
  /// The cause is unknown: the values may be at fault, or a table, a right or a setting.
  package var isRefusal: Bool {
    guard case .refused = cause else { return false }
    return !isRetriable
  }

  /// Whether the same request with fewer rows may succeed.
  package var isExcessive: Bool {
    guard case .refused(let code) = cause else { return cause == .timedOut }
    return Code.excessive.contains(code.rawValue)
  }

  /// Whether the server may have executed the request all the same.
  package var isOutcomeUnknown: Bool { cause != .unreachable }

  /// Whether the server may still be executing the request; any answer, also a refusal, ends that.
  package var leavesRunning: Bool {
    switch cause {
    case .interrupted, .timedOut, .unexpected: true
    case .unreachable, .refused: false
    }
  }

  /// Whether a table doesn't exist, or was dropped meanwhile.
  package var isOfMissingTable: Bool {
    cause == .refused(.unknownTable) || cause == .refused(.tableIsDropped)
  }

  /// Whether the server's disk has no room for what was to be written.
  package var isOfFullDisk: Bool { cause == .refused(.notEnoughSpace) }

  package var isTimeout: Bool { cause == .timedOut || cause == .refused(.timeoutExceeded) }

  /// A text that is safe for a client.
  package var description: String {
    switch cause {
    case .unreachable: "ClickHouse can't be reached"
    case .interrupted: "ClickHouse ended the connection"
    case .timedOut: "ClickHouse took too long"
    case .refused(let code): "ClickHouse refused with code \(code.rawValue)"
    case .unexpected: "ClickHouse gave an unexpected answer"
    }
  }

  package var debugDescription: String { "\(operation): \(description): \(message)" }

  /// The error for a transfer without a complete answer.
  init(_ error: TransferError, operation: String) {
    cause =
      switch error.cause {
      case .unreachable, .backlogFull, .untrusted: .unreachable
      case .interrupted: .interrupted
      case .timedOut: .timedOut
      case .tooLong: .unexpected
      }
    self.operation = operation
    message = error.description
  }

  package init(cause: Cause, operation: String, message: String) {
    self.cause = cause
    self.operation = operation
    self.message = message
  }

  /// The error for an answer with `Code: 252, …` or `Code: 252. …`.
  init(status: Int, body: [UInt8], operation: String) {
    let text = String(decoding: body.prefix(2000), as: UTF8.self)
    self.operation = operation
    message = text.isEmpty ? "status \(status)" : text
    cause = Self.code(in: body).map { .refused($0) } ?? .unexpected
  }

  /// The number after the first `Code: ` of a text.
  static func code(in body: [UInt8]) -> Code? {
    let key = Array("Code: ".utf8)
    guard
      let start = body.indices.first(where: { body[$0...].starts(with: key) })
    else { return nil }
    let digits = body[(start + key.count)...].prefix { $0 &- UInt8(ascii: "0") < 10 }.prefix(6)
    return Int(String(decoding: digits, as: UTF8.self)).map(Code.init(rawValue:))
  }
}
