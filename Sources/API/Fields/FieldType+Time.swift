import JSON
import Text

extension FieldType<Int64> {
  /// A moment in milliseconds since 1970, written to the second with its offset, as in Shlink.
  package static var time: FieldType<Int64> {
    FieldType(
      schema: Schema(["type": "string", "format": "date-time"]), sample: 1_790_000_000_000
    ) { value throws(InvalidValue) in
      var text = value.string ?? ""
      guard let time = text.withUTF8(RFC3339.parse) else {
        throw InvalidValue("must be a time such as 2026-09-21T14:13:20+00:00")
      }
      // No earlier time can be stored.
      guard time >= 0 else { throw InvalidValue("must be in 1970 or later") }
      return time
    } write: {
      .string(RFC3339.string(seconds: $0 / 1000).dropLast() + "+00:00")
    }
  }
}
