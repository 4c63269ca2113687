/// SQL text with the values bound to its numbered parameters.
///
/// Written as a string literal whose interpolations become parameters, so that a value cannot become
/// syntax:
///
///     "SELECT original_url FROM short_urls WHERE short_code = \(text: code)"
///
/// Text that is itself SQL goes in through `\(unsafe:)`, which is easy to search for.
package struct SQL: ExpressibleByStringInterpolation, Sendable {
  package let text: String
  let values: [BoundValue]

  package init(stringLiteral value: String) {
    text = value
    values = []
  }

  package init(stringInterpolation: Interpolation) {
    text = stringInterpolation.text
    values = stringInterpolation.values
  }

  /// A name of a table or database between double quotes, for `\(unsafe:)`.
  package static func quotedIdentifier(_ name: String) -> String {
    var quoted: [UInt8] = [UInt8(ascii: "\"")]
    for byte in name.utf8 {
      if byte == UInt8(ascii: "\"") { quoted.append(byte) }
      quoted.append(byte)
    }
    return String(decoding: quoted + [UInt8(ascii: "\"")], as: UTF8.self)
  }

  package struct Interpolation: StringInterpolationProtocol {
    var text = ""
    var values: [BoundValue] = []

    package init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + 3 * interpolationCount)
      values.reserveCapacity(interpolationCount)
    }

    package mutating func appendLiteral(_ literal: String) {
      text += literal
    }

    /// Binds an `int8`.
    package mutating func appendInterpolation(_ value: Int64) {
      bind(.integer(value))
    }

    /// Binds an `int8`.
    package mutating func appendInterpolation(_ value: Int) {
      bind(.integer(Int64(value)))
    }

    /// Binds a `bool`.
    package mutating func appendInterpolation(_ value: Bool) {
      bind(.boolean(value))
    }

    /// Binds a `text`.
    package mutating func appendInterpolation(_ value: String) {
      bind(.text(Array(value.utf8)))
    }

    /// Binds a `text` given as its UTF-8 bytes; the server refuses others (22021).
    package mutating func appendInterpolation(text bytes: [UInt8]) {
      bind(.text(bytes))
    }

    /// Binds a `bytea`.
    package mutating func appendInterpolation(bytes: [UInt8]) {
      bind(.bytes(bytes))
    }

    /// Binds a `timestamptz` given in milliseconds since 1970-01-01T00:00:00Z.
    package mutating func appendInterpolation(milliseconds: Int64) {
      bind(.timestamp(milliseconds: milliseconds))
    }

    /// Binds an `int8[]`.
    package mutating func appendInterpolation(_ values: [Int64]) {
      bind(.integers(values))
    }

    /// Binds a `text[]`.
    package mutating func appendInterpolation(_ values: [String]) {
      bind(.texts(values))
    }

    /// Binds a `timestamptz[]` given in milliseconds since 1970-01-01T00:00:00Z.
    package mutating func appendInterpolation(milliseconds: [Int64]) {
      bind(.timestamps(milliseconds: milliseconds))
    }

    /// Puts SQL into the text as it is.
    ///
    /// Never with anything that came from outside.
    package mutating func appendInterpolation(unsafe sql: String) {
      text += sql
    }

    private mutating func bind(_ value: BoundValue) {
      values.append(value)
      text += "$\(values.count)"
    }
  }
}
