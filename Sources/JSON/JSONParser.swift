import Text

/// A recursive-descent reader over the bytes of one text; its depth is bounded.
struct JSONParser {
  private let bytes: [UInt8]
  private let maximumDepth: Int
  private var position = 0

  init(bytes: [UInt8], maximumDepth: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
  }

  mutating func parseDocument() throws(JSONError) -> JSONValue {
    skipWhitespace()
    guard position < bytes.count else { throw failure(.empty) }
    let value = try parseValue(depth: 0)
    skipWhitespace()
    guard position == bytes.count else { throw failure(.trailingBytes) }
    return value
  }

  private mutating func parseValue(depth: Int) throws(JSONError) -> JSONValue {
    switch try peek() {
    case UInt8(ascii: "{"): return .object(try parseObject(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try parseArray(depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "t"):
      try expect("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try expect("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try expect("null")
      return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try parseNumber())
    default: throw failure(.unexpectedByte)
    }
  }

  private mutating func parseObject(depth: Int) throws(JSONError) -> JSONObject {
    guard depth <= maximumDepth else { throw failure(.tooDeep) }
    var object = JSONObject()
    var keys: Set<String> = []
    position += 1
    skipWhitespace()
    if try peek() == UInt8(ascii: "}") {
      position += 1
      return object
    }
    while true {
      skipWhitespace()
      guard try peek() == UInt8(ascii: "\"") else { throw failure(.unexpectedByte) }
      let start = position
      let key = try parseString()
      // A single key is no duplicate: it is only stored when a second one comes.
      if let first = object.members.first {
        keys.insert(first.key)
        guard keys.insert(key).inserted else {
          throw JSONError(reason: .duplicateKey, offset: start)
        }
      }
      skipWhitespace()
      try expect(":")
      skipWhitespace()
      object.append(key: key, value: try parseValue(depth: depth))
      if try endsList(with: UInt8(ascii: "}")) { return object }
    }
  }

  private mutating func parseArray(depth: Int) throws(JSONError) -> [JSONValue] {
    guard depth <= maximumDepth else { throw failure(.tooDeep) }
    var elements: [JSONValue] = []
    position += 1
    skipWhitespace()
    if try peek() == UInt8(ascii: "]") {
      position += 1
      return elements
    }
    while true {
      skipWhitespace()
      elements.append(try parseValue(depth: depth))
      if try endsList(with: UInt8(ascii: "]")) { return elements }
    }
  }

  /// Reads the byte after an element: a comma continues, the closing bracket ends.
  private mutating func endsList(with bracket: UInt8) throws(JSONError) -> Bool {
    skipWhitespace()
    let byte = try peek()
    guard byte == bracket || byte == UInt8(ascii: ",") else { throw failure(.unexpectedByte) }
    position += 1
    return byte == bracket
  }

  private mutating func parseString() throws(JSONError) -> String {
    position += 1
    // Most strings have no escape, and are copied as they are.
    let start = position
    while position < bytes.count, Self.isPlain(bytes[position]) { position += 1 }
    var utf8 = Array(bytes[start..<position])
    while true {
      let byte = try peek()
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: utf8, as: UTF8.self) else {
          throw failure(.invalidUTF8)
        }
        return string
      case UInt8(ascii: "\\"): try parseEscape(into: &utf8)
      case 0..<0x20: throw JSONError(reason: .controlCharacter, offset: position - 1)
      default: utf8.append(byte)
      }
    }
  }

  /// Whether a byte within a string stands for itself.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private mutating func parseEscape(into utf8: inout [UInt8]) throws(JSONError) {
    let byte = try peek()
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): utf8.append(byte)
    case UInt8(ascii: "b"): utf8.append(0x08)
    case UInt8(ascii: "f"): utf8.append(0x0C)
    case UInt8(ascii: "n"): utf8.append(0x0A)
    case UInt8(ascii: "r"): utf8.append(0x0D)
    case UInt8(ascii: "t"): utf8.append(0x09)
    case UInt8(ascii: "u"):
      utf8.append(contentsOf: UTF8.encode(try parseUnicodeEscape()) ?? .init())
    default: throw JSONError(reason: .invalidEscape, offset: position - 1)
    }
  }

  /// The scalar of `\uXXXX`, or of the two escapes of a surrogate pair; the `\u` is already taken.
  private mutating func parseUnicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let start = position
    var value = try parseFourHexDigits()
    if (0xD800..<0xDC00).contains(value) {
      try expect("\\u", else: .invalidEscape)
      let low = try parseFourHexDigits()
      guard (0xDC00..<0xE000).contains(low) else {
        throw JSONError(reason: .invalidEscape, offset: start)
      }
      value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
    }
    guard value != 0 else { throw JSONError(reason: .nul, offset: start) }
    guard let scalar = Unicode.Scalar(value) else {
      throw JSONError(reason: .invalidEscape, offset: start)
    }
    return scalar
  }

  private mutating func parseFourHexDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = UInt8(hexDigit: try peek()) else { throw failure(.invalidEscape) }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private mutating func parseNumber() throws(JSONError) -> String {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    if position < bytes.count, bytes[position] == UInt8(ascii: "0") {
      position += 1
    } else {
      try skipDigits()
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      try skipDigits()
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < bytes.count,
        bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
      {
        position += 1
      }
      try skipDigits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Skips one digit or more.
  private mutating func skipDigits() throws(JSONError) {
    let start = position
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
    {
      position += 1
    }
    guard position > start else { throw failure(.invalidNumber) }
  }

  private mutating func expect(
    _ literal: StaticString, else reason: JSONError.Reason = .unexpectedByte
  ) throws(JSONError) {
    for index in 0..<literal.utf8CodeUnitCount {
      guard try peek() == literal.utf8Start[index] else { throw failure(reason) }
      position += 1
    }
  }

  private mutating func skipWhitespace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  private func peek() throws(JSONError) -> UInt8 {
    guard position < bytes.count else { throw failure(.unexpectedEnd) }
    return bytes[position]
  }

  private func failure(_ reason: JSONError.Reason) -> JSONError {
    JSONError(reason: reason, offset: position)
  }
}
