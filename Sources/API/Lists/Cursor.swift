import Text

/// A place in an ordered list: behind the last row that was answered.
///
/// Rows may come and go: whoever goes on at a cursor meets each row that stays once. A cursor is good for
/// the list that it was made for, with the same filter and order. Its seal tells mistakes, not attacks: a
/// forged cursor names another place in a list that its user may read anyway.
package struct Cursor: Equatable, Sendable {
  /// By what the list is ordered.
  package enum Key: Equatable, Sendable {
    case number(Int64)
    case text(String)
  }

  package let key: Key
  /// Tells apart rows of the same key.
  package let id: Int64
  /// How many rows were answered before, for the page's number.
  package let passed: Int

  package init(key: Key, id: Int64, passed: Int) {
    self.key = key
    self.id = id
    self.passed = passed
  }

  /// The cursor as text.
  ///
  /// - Parameter list: What tells this list, its filter and its order from all others.
  /// - Returns: A letter, so that no command takes it for an option, then base64url of the seal, `passed`,
  ///   `id` and the key.
  package func text(of list: [UInt8]) -> String {
    var content = Self.bytes(Int64(passed)) + Self.bytes(id)
    switch key {
    case .number(let number): content += [Self.numberMark] + Self.bytes(number)
    case .text(let text): content += [Self.textMark] + Array(text.utf8)
    }
    return String(Self.start) + Base64URL.text(of: Self.seal(of: content, list) + content)
  }

  /// Reads a cursor's text.
  ///
  /// - Returns: Nil when it isn't one of this list, or was changed.
  package init?(_ text: String, of list: [UInt8]) {
    guard text.first == Self.start, let bytes = Base64URL.bytes(of: String(text.dropFirst())),
      bytes.count > Self.keyStart
    else { return nil }
    let content = bytes[8...]
    let key = bytes[(Self.keyStart + 1)...]
    guard Array(bytes[..<8]) == Self.seal(of: Array(content), list) else { return nil }
    passed = Int(Self.number(bytes[8..<16]))
    id = Self.number(bytes[16..<24])
    switch bytes[Self.keyStart] {
    case Self.numberMark where key.count == 8: self.key = .number(Self.number(key))
    case Self.textMark:
      // PostgreSQL takes no NUL.
      guard !key.contains(0), let text = String(validating: key, as: UTF8.self) else { return nil }
      self.key = .text(text)
    default: return nil
    }
    guard (0...Self.passedLimit).contains(passed) else { return nil }
  }

  /// The type of its text.
  static var fieldType: FieldType<String> {
    .string(
      atMost: 4_096, pattern: "^c[A-Za-z0-9_-]+$",
      sample: Cursor(key: .number(0), id: 1, passed: 10).text(of: []))
  }

  /// More than any list has; so further rows can be added to it.
  private static let passedLimit = 1 << 53

  private static let start: Character = "c"
  private static let numberMark = UInt8(ascii: "n")
  private static let textMark = UInt8(ascii: "t")
  /// Behind seal, `passed` and `id`.
  private static let keyStart = 24

  private static func seal(of content: [UInt8], _ list: [UInt8]) -> [UInt8] {
    bytes(Int64(bitPattern: SipHash.hash(bytes(Int64(list.count)) + list + content)))
  }

  private static func bytes(_ number: Int64) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian, Array.init)
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
    bytes.reduce(0) { $0 << 8 | Int64($1) }
  }
}
