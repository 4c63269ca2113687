import JSON
import Text

/// A date or a time as a parameter gives it: a whole day or a whole second, in milliseconds since 1970.
package struct TimeSpan: Equatable, Sendable {
  package let start: Int64
  /// The first moment after it.
  package let end: Int64

  /// Reads `2026-01-31`, or a time of RFC 3339 such as `2026-01-31T12:00:00+01:00`.
  ///
  /// A time without an offset is one of UTC. A blank stands for `+`, which it is in a query that wasn't
  /// escaped, and for `T`.
  package init?(_ text: String) {
    var bytes = Array(text.utf8)
    let isDay = bytes.count == 10
    if isDay { bytes += Array("T00:00:00".utf8) }
    guard bytes.count >= 19 else { return nil }
    if bytes[10] == UInt8(ascii: " ") { bytes[10] = UInt8(ascii: "T") }
    for index in 19..<bytes.count where bytes[index] == UInt8(ascii: " ") {
      bytes[index] = UInt8(ascii: "+")
    }
    let isLocal = !bytes[19...].contains {
      $0 | 0x20 == UInt8(ascii: "z") || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
    }
    if isLocal { bytes.append(UInt8(ascii: "Z")) }
    guard let time = bytes.withUnsafeBufferPointer(RFC3339.parse) else { return nil }
    let second = time - ((time % 1000) + 1000) % 1000
    start = second
    end = second + (isDay ? 86_400_000 : 1000)
  }
}

extension FieldType<TimeSpan> {
  /// A date, or a time.
  package static var timeSpan: FieldType {
    let sample = "2026-01-31"
    return FieldType(
      schema: Schema([
        "type": "string",
        "anyOf": .array([
          .object(JSONObject([.init("format", "date")])),
          .object(JSONObject([.init("format", "date-time")])),
        ]),
      ]), sample: TimeSpan(start: 1_769_817_600_000, end: 1_769_904_000_000)
    ) { value throws(InvalidValue) in
      guard let span = value.string.flatMap(TimeSpan.init) else {
        throw InvalidValue(
          "must be a date such as \(sample), or a time such as \(sample)T12:00:00Z")
      }
      return span
    } write: {
      .string(RFC3339.string(seconds: $0.start / 1000))
    }
  }
}

extension TimeSpan {
  fileprivate init(start: Int64, end: Int64) {
    self.start = start
    self.end = end
  }
}
