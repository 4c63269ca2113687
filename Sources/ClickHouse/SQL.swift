/// A statement for ClickHouse; interpolated values become literals, never syntax.
///
/// Debian's server has no query parameters, so values are written as literals; only this type does
/// that. `"SELECT … WHERE short_code = \(code)"` quotes and escapes `code`.
package struct SQL: ExpressibleByStringInterpolation, Sendable {
  package let bytes: [UInt8]

  package init(stringLiteral text: String) {
    bytes = Array(text.utf8)
  }

  package init(stringInterpolation: Interpolation) {
    bytes = stringInterpolation.bytes
  }

  /// A statement from a migration's file, unchanged.
  package init(unsafe text: String) {
    bytes = Array(text.utf8)
  }

  /// Pieces with a separator between.
  package init(list pieces: [SQL], separator: SQL = ",") {
    bytes = Array(pieces.map(\.bytes).joined(separator: separator.bytes))
  }

  /// The quoted text of these bytes, with backslash, quote and NUL escaped for the server's reader
  /// of literals.
  package static func literal(_ value: some Sequence<UInt8>) -> [UInt8] {
    var out: [UInt8] = [UInt8(ascii: "'")]
    for byte in value {
      switch byte {
      case UInt8(ascii: "'"), UInt8(ascii: "\\"):
        out.append(UInt8(ascii: "\\"))
        out.append(byte)
      case 0:
        out.append(contentsOf: "\\0".utf8)
      default: out.append(byte)
      }
    }
    out.append(UInt8(ascii: "'"))
    return out
  }

  package struct Interpolation: StringInterpolationProtocol {
    fileprivate(set) var bytes: [UInt8] = []

    package init(literalCapacity: Int, interpolationCount: Int) {
      bytes.reserveCapacity(literalCapacity + 32 * interpolationCount)
    }

    package mutating func appendLiteral(_ literal: String) {
      bytes.append(contentsOf: literal.utf8)
    }

    /// A string literal.
    package mutating func appendInterpolation(_ value: String) {
      bytes.append(contentsOf: SQL.literal(value.utf8))
    }

    /// A string literal of any bytes.
    package mutating func appendInterpolation(bytes value: some Sequence<UInt8>) {
      bytes.append(contentsOf: SQL.literal(value))
    }

    /// A number.
    package mutating func appendInterpolation(_ value: some BinaryInteger) {
      bytes.append(contentsOf: String(value).utf8)
    }

    /// A list of numbers with commas between; the caller writes the brackets.
    package mutating func appendInterpolation(list values: some Sequence<some BinaryInteger>) {
      bytes.append(contentsOf: values.map { String($0) }.joined(separator: ",").utf8)
    }

    /// A name of a table or database, between backquotes.
    package mutating func appendInterpolation(identifier name: String) {
      let inside = name.utf8.flatMap { $0 == 0x60 || $0 == 0x5C ? [0x5C, $0] : [$0] }
      bytes.append(contentsOf: [0x60] + inside + [0x60])
    }

    /// Another statement, or a piece of one.
    package mutating func appendInterpolation(_ other: SQL) {
      bytes.append(contentsOf: other.bytes)
    }
  }
}
