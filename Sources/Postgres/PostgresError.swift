/// An error of PostgreSQL or of the connection to it.
///
/// `description` shows only the state and our name of the operation, so it is safe for a client.
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

  /// Whether the session is lost; the statement may succeed on a new connection.
  package var isConnectionLoss: Bool {
    switch state.rawValue {
    case "25P03", "57P01", "57P02", "57P03", "57P05": true
    default: state.family == "08"
    }
  }

  /// Whether a time limit was reached, here or on the server.
  package var isTimeout: Bool {
    state == .deadlineExceeded || state == .queryCanceled || state == .lockNotAvailable
  }

  /// Whether a table, a column or a right is missing: the schema doesn't fit this program.
  package var isOfAnotherSchema: Bool {
    state == .undefinedTable || state == .undefinedColumn || state == .insufficientPrivilege
  }

  /// Whether a retry may succeed without a change by anybody.
  package var isRetriable: Bool {
    isConnectionLoss || state == .serializationFailure || state == .deadlockDetected
  }

  /// Matches an error by its state: `catch SQLState.uniqueViolation`.
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
