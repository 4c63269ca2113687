import API
import JSON

extension FieldType<Int64> {
  /// A date or a time at which a link begins or ends to lead somewhere, in milliseconds since 1970.
  static var validity: FieldType<Int64> {
    let span = FieldType<TimeSpan>.timeSpan
    return FieldType(schema: span.schema, sample: span.sample.start) {
      value throws(InvalidValue) in
      let start = try span.read(value).start
      // No earlier time can be stored.
      guard start >= 0 else { throw InvalidValue("must be in 1970 or later") }
      return start
    } write: {
      FieldType<Int64>.time.write($0)
    }
  }
}
