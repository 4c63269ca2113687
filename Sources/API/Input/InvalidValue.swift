package import Web

/// Why a value is refused; the words follow the field's name or stand for themselves.
package struct InvalidValue: Error, Equatable {
  package let reason: String
  /// The type of problem where one field decides it; else the request has invalid data.
  package let type: ProblemType?
  /// Whether the reason is a sentence of its own.
  package var isSentence: Bool { type != nil }

  package init(_ reason: String, as type: ProblemType? = nil) {
    self.reason = reason
    self.type = type
  }
}
