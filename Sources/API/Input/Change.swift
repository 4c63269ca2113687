/// What an edit asks of one field.
package enum Change<Value: Sendable>: Sendable {
  /// The field wasn't named: it stays as it is.
  case keep
  case set(Value)
  /// The field was null.
  case clear

  /// The new value; nil for `keep` and `clear`.
  package var value: Value? { if case .set(let value) = self { value } else { nil } }

  package var isKept: Bool { if case .keep = self { true } else { false } }
}

extension Change: Equatable where Value: Equatable {}
