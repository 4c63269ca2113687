/// Takes a text of several statements apart, for an engine that takes one at a time.
package enum SQLScript {
  /// The statements without the semicolons between them; those of comments only are left out.
  ///
  /// Semicolons in quotes of any kind and in comments separate nothing.
  package static func statements(in text: String) -> [String] {
    var statements: [String] = []
    var current: [UInt8] = []
    var hasContent = false
    var rest = text.utf8[...]
    func finish() {
      if hasContent { statements.append(String(decoding: current, as: UTF8.self)) }
      current = []
      hasContent = false
    }
    while let byte = rest.first {
      let length =
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"): quoted(rest, by: byte)
        case UInt8(ascii: "-") where rest.dropFirst().first == byte: line(rest)
        case UInt8(ascii: "/") where rest.dropFirst().first == UInt8(ascii: "*"): comment(rest)
        default: 1
        }
      let isComment = length > 1 && (byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/"))
      if byte == UInt8(ascii: ";") {
        finish()
      } else {
        current += rest.prefix(length)
        hasContent = hasContent || !(isComment || byte == 0x20 || (0x09...0x0D).contains(byte))
      }
      rest = rest.dropFirst(length)
    }
    finish()
    return statements
  }

  private static func quoted(_ text: Substring.UTF8View, by quote: UInt8) -> Int {
    var length = 1
    var isEscaped = false
    for byte in text.dropFirst() {
      length += 1
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == quote {
        break
      }
    }
    return length
  }

  private static func line(_ text: Substring.UTF8View) -> Int {
    text.prefix { $0 != 0x0A }.count
  }

  private static func comment(_ text: Substring.UTF8View) -> Int {
    var length = 2
    var previous: UInt8 = 0
    for byte in text.dropFirst(2) {
      length += 1
      if previous == UInt8(ascii: "*"), byte == UInt8(ascii: "/") { break }
      previous = byte
    }
    return length
  }
}
