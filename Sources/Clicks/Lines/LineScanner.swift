import Text

/// Scans the JSON of one line (RFC 8259) for the requested values.
///
/// It accepts any byte from 0x80 on inside strings. A web server's log may hold anything that a
/// client sent, UTF-8 or not.
struct LineScanner {
  /// The limit of an unknown member's nesting; a deeper line is refused.
  private static let maximumDepth = 32

  private let line: UnsafeBufferPointer<UInt8>
  private var index = 0

  init(_ line: UnsafeBufferPointer<UInt8>) {
    self.line = line
  }

  /// Reads one byte of punctuation and the blanks on both sides; throws where it is missing.
  mutating func expect(_ byte: UInt8) throws(ClickLineError) {
    guard take(byte) else { throw .malformed(at: index) }
  }

  /// Reads one byte of punctuation and the blanks on both sides if it comes next.
  mutating func take(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard index < line.count, line[index] == byte else { return false }
    index += 1
    skipBlanks()
    return true
  }

  mutating func expectEnd() throws(ClickLineError) {
    skipBlanks()
    guard index == line.count else { throw .malformed(at: index) }
  }

  mutating func string() throws(ClickLineError) -> LineText {
    guard index < line.count, line[index] == 0x22 else { throw .malformed(at: index) }
    index += 1
    let start = index
    var others: UInt8 = 0
    while index < line.count {
      let byte = line[index]
      if byte == 0x22 {
        let bytes = UnsafeBufferPointer(rebasing: line[start..<index])
        index += 1
        return LineText(bytes: bytes, isPlain: others < 0x80)
      }
      guard byte >= 0x20 else { throw .malformed(at: index) }
      others |= byte
      index += 1
      if byte == 0x5C {
        others |= 0x80
        try skipEscape()
      }
    }
    throw .malformed(at: index)
  }

  mutating func stringOrNull() throws(ClickLineError) -> LineText {
    if take(literal: "null") { return LineText() }
    return try string()
  }

  /// `true` or `false`; nil for any other value, which is not consumed.
  mutating func bool() throws(ClickLineError) -> Bool? {
    if take(literal: "true") { return true }
    if take(literal: "false") { return false }
    return nil
  }

  /// Milliseconds since 1970, from a whole number or an RFC 3339 string; nil for anything else.
  mutating func timestamp() throws(ClickLineError) -> Int64? {
    if index < line.count, line[index] == 0x22 { return RFC3339.parse(try string().bytes) }
    return wholeNumber()
  }

  /// A whole number that 32 bits hold; nil for anything else.
  mutating func number() throws(ClickLineError) -> UInt32? {
    wholeNumber().flatMap(UInt32.init(exactly:))
  }

  /// A number of 15 digits at most; nil for anything else.
  private mutating func wholeNumber() -> Int64? {
    let start = index
    var value: Int64 = 0
    while index < line.count, case let digit = line[index] &- UInt8(ascii: "0"), digit < 10 {
      guard index - start < 15 else { return nil }
      value = value * 10 + Int64(digit)
      index += 1
    }
    return index > start ? value : nil
  }

  /// Skips one value of any kind.
  mutating func skipValue(depth: Int = 0) throws(ClickLineError) {
    guard index < line.count, depth < Self.maximumDepth else { throw .malformed(at: index) }
    switch line[index] {
    case 0x22: _ = try string()
    case UInt8(ascii: "{"):
      try expect(UInt8(ascii: "{"))
      if take(UInt8(ascii: "}")) { return }
      repeat {
        _ = try string()
        try expect(UInt8(ascii: ":"))
        try skipValue(depth: depth + 1)
      } while take(UInt8(ascii: ","))
      try expect(UInt8(ascii: "}"))
    case UInt8(ascii: "["):
      try expect(UInt8(ascii: "["))
      if take(UInt8(ascii: "]")) { return }
      repeat { try skipValue(depth: depth + 1) } while take(UInt8(ascii: ","))
      try expect(UInt8(ascii: "]"))
    default: try skipAtom()
    }
  }

  /// Skips a number, `true`, `false` or `null`, without a check of a number's form.
  private mutating func skipAtom() throws(ClickLineError) {
    if take(literal: "true") || take(literal: "false") || take(literal: "null") { return }
    let start = index
    while index < line.count {
      switch line[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        index += 1
        continue
      default: break
      }
      break
    }
    guard index > start else { throw .malformed(at: index) }
  }

  private mutating func take(literal: StaticString) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard index + count <= line.count,
      LineText(bytes: UnsafeBufferPointer(rebasing: line[index..<index + count]), isPlain: true)
        .is(literal)
    else { return false }
    index += count
    return true
  }

  /// Skips what follows a backslash: one letter, or `u` and four hexadecimal digits.
  private mutating func skipEscape() throws(ClickLineError) {
    guard index < line.count else { throw .malformed(at: index) }
    let kind = line[index]
    index += 1
    switch kind {
    case 0x22, 0x5C, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
      UInt8(ascii: "r"), UInt8(ascii: "t"):
      return
    case UInt8(ascii: "u"):
      guard index + 4 <= line.count else { throw .malformed(at: index) }
      for _ in 0..<4 {
        guard UInt8(hexDigit: line[index]) != nil else { throw .malformed(at: index) }
        index += 1
      }
    default: throw .malformed(at: index - 1)
    }
  }

  private mutating func skipBlanks() {
    while index < line.count {
      switch line[index] {
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      default: return
      }
    }
  }
}
