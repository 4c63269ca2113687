import Text

/// The name of a parameter, to be found in a query.
package struct QueryParameter: Equatable, Sendable, CustomStringConvertible {
  package typealias Bytes = UnsafeBufferPointer<UInt8>

  private let name: [UInt8]

  /// How many bytes of a query are looked through, which bounds the work of a redirect.
  package static let longestQuery = 8192

  package init(_ name: String) {
    self.name = Array(name.utf8)
  }

  package var description: String { String(decoding: name, as: UTF8.self) }

  /// The values that a condition accepts.
  package enum Values: Equatable, Sendable {
    case all
    /// The empty one only: `?name` or `?name=`.
    case none
    case only([UInt8])

    /// Whether an encoded value is one of them.
    package func contains(_ value: Bytes) -> Bool {
      switch self {
      case .all: true
      case .none: value.isEmpty
      case .only(let expected): QueryParameter.isText(value, expected)
      }
    }
  }

  /// The value of the parameter as it is encoded in a query; empty without `=`.
  ///
  /// The last one counts, as in PHP. What is beyond the first `longestQuery` bytes isn't looked at.
  ///
  /// - Returns: Nil when the query has no such parameter.
  package func value(in query: Bytes) -> Bytes? {
    var end = min(query.count, Self.longestQuery)
    while end > 0 {
      var start = end
      while start > 0, query[start - 1] != UInt8(ascii: "&") { start -= 1 }
      var split = start
      while split < end, query[split] != UInt8(ascii: "=") { split += 1 }
      if Self.isText(Bytes(rebasing: query[start..<split]), name) {
        return Bytes(rebasing: query[min(split + 1, end)..<end])
      }
      end = start - 1
    }
    return nil
  }

  /// Whether encoded bytes of a query are a text; `+` is a blank.
  private static func isText(_ encoded: Bytes, _ text: [UInt8]) -> Bool {
    guard encoded.count >= text.count else { return false }
    var index = 0
    for byte in text {
      guard index < encoded.count else { return false }
      if let decoded = PercentEncoding.byte(in: encoded, at: index) {
        guard decoded == byte else { return false }
        index += 3
      } else {
        let plain = encoded[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : encoded[index]
        guard plain == byte else { return false }
        index += 1
      }
    }
    return index == encoded.count
  }
}
