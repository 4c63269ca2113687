package import JSON

/// The type of a field: how it is read, how it is written, and what the API's description says of it.
package struct FieldType<Value: Sendable>: Sendable {
  // Both are made when they are asked for: most requests need neither.
  private let makeSchema: @Sendable () -> Schema
  private let makeSample: @Sendable () -> Value
  package let read: @Sendable (InputValue) throws(InvalidValue) -> Value
  package let write: @Sendable (Value) -> JSONValue

  /// - Parameters:
  ///   - schema: What it looks like in JSON.
  ///   - sample: A value that is valid.
  ///   - read: The value that was sent, or why it is none.
  ///   - write: The value as JSON.
  package init(
    schema: @escaping @autoclosure @Sendable () -> Schema,
    sample: @escaping @autoclosure @Sendable () -> Value,
    read: @escaping @Sendable (InputValue) throws(InvalidValue) -> Value,
    write: @escaping @Sendable (Value) -> JSONValue
  ) {
    makeSchema = schema
    makeSample = sample
    self.read = read
    self.write = write
  }

  package var schema: Schema { makeSchema() }
  /// A value that is valid, for the description.
  package var sample: Value { makeSample() }
  /// The same as JSON.
  package var example: JSONValue { write(sample) }
}
