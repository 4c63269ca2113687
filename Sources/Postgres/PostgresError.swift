/// What PostgreSQL, or the way to it, refused to do.
///
/// `description` shows the state and our name of the operation only: it is safe for a stranger.
/// `debugDescription` adds the message, which may quote data, and goes to the log.
package struct PostgresError: Error, Sendable {
  package let state: SQLState
  package let message: String
  package let operation: String

  package init(_ state: SQLState, _ message: String, during operation: String) {
    self.state = state
    self.message = message
    self.operation = operation
  }

  /// The session is gone; the same statement may succeed on a new connection.
  package var isConnectionLoss: Bool {
    switch state.rawValue {
    case "25P03", "57P01", "57P02", "57P03", "57P05": true
    default: state.family == "08"
    }
  }

  /// Time ran out, here or on the server.
  package var isTimeout: Bool {
    state == .deadlineExceeded || state == .queryCanceled || state == .lockNotAvailable
  }

  /// A table, a column or a right is missing: the schema isn't the one that this program wants.
  package var isOfAnotherSchema: Bool {
    state == .undefinedTable || state == .undefinedColumn || state == .insufficientPrivilege
  }

  /// Trying the same thing again may succeed without anybody changing anything.
  package var isRetriable: Bool {
    isConnectionLoss || state == .serializationFailure || state == .deadlockDetected
  }

  /// Lets `catch SQLState.uniqueViolation` read like prose.
  package static func ~= (state: SQLState, error: Self) -> Bool {
    error.state == state
  }
}

extension SQLState {
  /// Matches an error by its state in a `catch` that may catch anything.
  package static func ~= (state: Self, error: any Error) -> Bool {
    (error as? PostgresError)?.state == state
  }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
  package var description: String {
    "PostgreSQL: \(operation) failed (\(state.rawValue))"
  }

  package var debugDescription: String {
    "PostgreSQL: \(operation) failed (\(state.rawValue)): \(message)"
  }
}
