package import API
import JSON
package import Postgres

/// What links are searched for.
///
/// An index finds texts by three characters in a row. A term with three letters or digits in a row is looked for
/// anywhere in a link's URL, title, short code and tags, in either case. A shorter one, which would mean to
/// read every link, is looked for at the beginning of short codes and tags.
package enum SearchTerm: Equatable, Sendable {
  case anywhere(String)
  case beginning(String)

  /// The longest one, in characters.
  package static let limit = 512

  /// Nil for a text of blanks: it filters nothing.
  package init?(_ text: String) {
    let words = text.split(omittingEmptySubsequences: true, whereSeparator: \.isWhitespace)
    guard let first = words.first, let last = words.last else { return nil }
    let term = String(text[first.startIndex..<last.endIndex])
    self = Self.hasThreeInARow(term) ? .anywhere(term) : .beginning(term)
  }

  private static func hasThreeInARow(_ term: String) -> Bool {
    var count = 0
    for scalar in term.unicodeScalars {
      let properties = scalar.properties
      count = properties.isAlphabetic || properties.numericType == .decimal ? count + 1 : 0
      if count == 3 { return true }
    }
    return false
  }

  /// Where it is looked for: the expression that migration 0008 has an index on.
  ///
  /// A line feed, which no term has, keeps a term from reaching over the end of one part.
  private static let searched: SQL =
    "(original_url || E'\\n' || coalesce(title, '') || E'\\n' || (short_code COLLATE \"default\"))"

  /// Whether a link has it by itself.
  package var condition: SQL {
    switch self {
    case .anywhere(let term): "\(Self.searched) ILIKE \(Self.pattern(of: term))"
    case .beginning(let term): Self.begins("short_code", with: term)
    }
  }

  /// Whether a tag's name has it: the expression that migration 0014 has an index on.
  ///
  /// Names of tags are in lower case.
  package var tagCondition: SQL {
    switch self {
    case .anywhere(let term): "(name COLLATE \"default\") ILIKE \(Self.pattern(of: term))"
    case .beginning(let term): Self.begins("name", with: term.lowercased())
    }
  }

  /// Codes and names of tags are compared by their bytes, of which those of the last character come last.
  private static func begins(_ column: SQL, with term: String) -> SQL {
    "\(column) >= \(term) AND \(column) < \(term + "\u{10FFFF}")"
  }

  /// The pattern of what contains a text, whose own wildcards mean themselves.
  private static func pattern(of term: String) -> String {
    var pattern = "%"
    for character in term.unicodeScalars {
      if ["%", "_", "\\"].contains(character) { pattern.unicodeScalars.append("\\") }
      pattern.unicodeScalars.append(character)
    }
    return pattern + "%"
  }
}

// MARK: - As a parameter

extension FieldType<String> {
  /// A text to search for.
  package static var searchTerm: FieldType {
    FieldType(
      schema: Schema(["type": "string", "maxLength": .number("\(SearchTerm.limit)")]),
      sample: "example"
    ) { value throws(InvalidValue) in
      guard let text = value.string, text.unicodeScalars.count <= SearchTerm.limit else {
        throw InvalidValue("may have \(SearchTerm.limit) characters at most")
      }
      guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
      else { throw InvalidValue("may have no control characters") }
      return text
    } write: {
      .string($0)
    }
  }
}
