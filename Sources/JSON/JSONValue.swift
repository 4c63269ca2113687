/// One JSON text as a value, read strictly after RFC 8259.
///
/// Everything ambiguous is refused: duplicate keys, lone surrogates, U+0000, invalid UTF-8, a byte
/// order mark, and anything after the value.
package enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// The number's own characters; the caller chooses its type.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// Reads one text.
  ///
  /// - Parameters:
  ///   - bytes: The whole text, UTF-8.
  ///   - maximumDepth: The limit of nested arrays and objects.
  /// - Throws: `JSONError` with the offset of the first byte that is wrong.
  package init(parsing bytes: [UInt8], maximumDepth: Int = 32) throws(JSONError) {
    var parser = JSONParser(bytes: bytes, maximumDepth: maximumDepth)
    self = try parser.parseDocument()
  }

  package var string: String? {
    if case .string(let string) = self { string } else { nil }
  }

  package var integer: Int? {
    if case .number(let digits) = self { Int(digits) } else { nil }
  }

  package var object: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  package var array: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  package var kind: StaticString {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral {
  package init(stringLiteral string: String) { self = .string(string) }
}

/// The members of a JSON object in the order of the text; no key comes twice.
package struct JSONObject: Equatable, Sendable {
  package struct Member: Equatable, Sendable {
    package let key: String
    package let value: JSONValue

    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  package private(set) var members: [Member] = []

  package init(_ members: [Member] = []) {
    self.members = members
  }

  package subscript(key: String) -> JSONValue? {
    members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }

  /// Adds a member; the caller guarantees that its key is new.
  package mutating func append(key: String, value: JSONValue) {
    members.append(Member(key, value))
  }
}

/// The reason why a text is refused, with its place.
package struct JSONError: Error, Equatable, CustomStringConvertible {
  package enum Reason: String, Sendable {
    case empty = "it is empty"
    case unexpectedEnd = "it ends too early"
    case unexpectedByte = "an unexpected character"
    case invalidUTF8 = "it is not UTF-8"
    case invalidEscape = "an invalid escape in a string"
    case controlCharacter = "a control character in a string"
    /// JSON allows it, but PostgreSQL stores no such text.
    case nul = "U+0000 in a string"
    case invalidNumber = "an invalid number"
    case duplicateKey = "a key comes twice"
    case tooDeep = "it is nested too deep"
    case trailingBytes = "something follows the value"
  }

  package let reason: Reason
  package let offset: Int

  package var description: String { "\(reason.rawValue) (byte \(offset))" }
}
