/// The answer to a SELECT: rows of text fields, read from the format TabSeparated.
package struct Rows: RandomAccessCollection, Sendable {
  private let rows: [[String]]

  package var startIndex: Int { rows.startIndex }
  package var endIndex: Int { rows.endIndex }
  package subscript(index: Int) -> [String] { rows[index] }

  /// Decodes the format's escapes (`\t`, `\n`, `\\`, …); invalid UTF-8 becomes U+FFFD.
  package init(tabSeparated body: [UInt8]) {
    var rows: [[String]] = []
    var row: [String] = []
    var field: [UInt8] = []
    var escaped = false
    for byte in body {
      if escaped {
        field.append(Self.unescape(byte))
        escaped = false
        continue
      }
      switch byte {
      case UInt8(ascii: "\\"): escaped = true
      case 0x09, 0x0A:
        row.append(String(decoding: field, as: UTF8.self))
        field.removeAll(keepingCapacity: true)
        if byte == 0x0A {
          rows.append(row)
          row.removeAll(keepingCapacity: true)
        }
      default: field.append(byte)
      }
    }
    self.rows = rows
  }

  private static func unescape(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "0"): 0
    default: byte
    }
  }
}
