/// The name of a tag as it is stored: trimmed, in lower case, with dashes for blanks, as in Shlink.
package struct TagName: Sendable, CustomStringConvertible {
  /// How many characters it has at most.
  package static let limit = 255

  /// How many tags a link has at most.
  package static let limitOfLink = 100

  package let description: String

  /// Nil for a text without a name in it, with control characters, or too long.
  package init?(_ text: String) {
    let words = text.split(omittingEmptySubsequences: true, whereSeparator: \.isWhitespace)
    guard let first = words.first, let last = words.last else { return nil }
    var name = ""
    for scalar in text[first.startIndex..<last.endIndex].lowercased().unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: return nil
      case .spaceSeparator: name.append("-")
      default: name.unicodeScalars.append(scalar)
      }
    }
    guard name.unicodeScalars.count <= Self.limit else { return nil }
    description = name
  }

  /// One that is known to be a name.
  private init(known name: StaticString) { description = "\(name)" }

  /// An example for the API's description.
  static let sample = TagName(known: "summer-sale")
}

// By bytes, as PostgreSQL compares them: to String some different texts are equal.
extension TagName: Hashable, Comparable {
  package static func == (left: TagName, right: TagName) -> Bool {
    left.description.utf8.elementsEqual(right.description.utf8)
  }

  package static func < (left: TagName, right: TagName) -> Bool {
    left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in description.utf8 { hasher.combine(byte) }
  }
}
