import Glibc
import Text

/// The content of one JSON string, in place in a line, with its escapes.
///
/// Like its `ClickLine` it must not outlive the bytes of the line.
package struct LineText {
  let bytes: UnsafeBufferPointer<UInt8>
  /// Whether the bytes are ASCII without escapes, and so the text itself.
  let isPlain: Bool

  init() {
    bytes = UnsafeBufferPointer(start: nil, count: 0)
    isPlain = true
  }

  init(bytes: UnsafeBufferPointer<UInt8>, isPlain: Bool) {
    self.bytes = bytes
    self.isPlain = isPlain
  }

  /// Lends the text with its escapes decoded and invalid UTF-8 replaced by U+FFFD.
  ///
  /// It is cropped before the first character that doesn't fit into `limit` bytes.
  ///
  /// It returns nothing: a generic result costs some hundred instructions a call from another
  /// module.
  package func withText(limit: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    if isPlain { return body(UnsafeBufferPointer(rebasing: bytes.prefix(limit))) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: limit) { buffer in
      var writer = TextWriter(buffer)
      decode(into: &writer)
      body(UnsafeBufferPointer(rebasing: buffer[..<writer.count]))
    }
  }

  package func string(limit: Int) -> String {
    var string = ""
    withText(limit: limit) { string = String(decoding: $0, as: UTF8.self) }
    return string
  }

  /// Whether the bytes equal an ASCII literal.
  func `is`(_ literal: StaticString) -> Bool {
    guard let base = bytes.baseAddress, bytes.count == literal.utf8CodeUnitCount else {
      return false
    }
    return memcmp(base, literal.utf8Start, bytes.count) == 0
  }

  private func decode(into writer: inout TextWriter) {
    var index = 0
    while index < bytes.count, !writer.isFull {
      guard bytes[index] == UInt8(ascii: "\\") else {
        let length = UTF8Text.characterLength(bytes, at: index)
        if length == 0 {
          writer.append(scalar: TextWriter.replacement)
        } else {
          writer.append(UnsafeBufferPointer(rebasing: bytes[index..<index + length]))
        }
        index += max(length, 1)
        continue
      }
      // The scanner has checked that an escape is complete.
      let kind = bytes[index + 1]
      index += 2
      guard kind == UInt8(ascii: "u") else {
        writer.append(scalar: Self.plainEscape(kind))
        continue
      }
      let unit = hexadecimal(at: index)
      index += 4
      if unit & 0xFC00 == 0xD800, index + 6 <= bytes.count,
        bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u"),
        case let low = hexadecimal(at: index + 2), low & 0xFC00 == 0xDC00
      {
        writer.append(scalar: 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF))
        index += 6
      } else {
        writer.append(scalar: unit & 0xF800 == 0xD800 || unit == 0 ? TextWriter.replacement : unit)
      }
    }
  }

  private func hexadecimal(at index: Int) -> UInt32 {
    var value: UInt32 = 0
    for offset in 0..<4 {
      value = value << 4 | UInt32(UInt8(hexDigit: bytes[index + offset]) ?? 0)
    }
    return value
  }

  private static func plainEscape(_ kind: UInt8) -> UInt32 {
    switch kind {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: UInt32(kind)
    }
  }
}

/// Writes characters into a bounded buffer until one doesn't fit; then it stays full.
private struct TextWriter {
  static let replacement: UInt32 = 0xFFFD

  private(set) var count = 0
  private(set) var isFull = false
  private let buffer: UnsafeMutableBufferPointer<UInt8>

  init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
    self.buffer = buffer
  }

  mutating func append(_ character: UnsafeBufferPointer<UInt8>) {
    guard !isFull, count + character.count <= buffer.count else {
      isFull = true
      return
    }
    for byte in character {
      buffer.initializeElement(at: count, to: byte)
      count += 1
    }
  }

  mutating func append(scalar value: UInt32) {
    guard let scalar = Unicode.Scalar(value) else { return append(scalar: Self.replacement) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4) { bytes in
      var length = 0
      for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
        bytes.initializeElement(at: length, to: byte)
        length += 1
      }
      append(UnsafeBufferPointer(rebasing: bytes[..<length]))
    }
  }
}
