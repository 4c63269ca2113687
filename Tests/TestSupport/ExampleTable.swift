import Foundation

/// A table of examples in `Tests/Examples` that test readers in two languages.
///
/// A line is an example; its fields are separated by tabs.
package enum ExampleTable {
  /// The fields of each line that is no comment.
  package static func lines(_ path: String) throws -> [[String]] {
    try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast().filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
  }

  /// The bytes of a field: `\xNN` is a byte, `{a*3}` is aaa.
  package static func bytes(_ field: String) -> [UInt8] {
    let repeated = field.replacing(/\{(.)\*(\d+)\}/) { match in
      String(repeating: String(match.1), count: Int(match.2) ?? 0)
    }
    var bytes: [UInt8] = []
    var rest = repeated[...]
    while let match = rest.firstMatch(of: /\\x([0-9A-F]{2})/) {
      bytes += rest[..<match.range.lowerBound].utf8
      bytes.append(UInt8(match.1, radix: 16) ?? 0)
      rest = rest[match.range.upperBound...]
    }
    return bytes + rest.utf8
  }
}
