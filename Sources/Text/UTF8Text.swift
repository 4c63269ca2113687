/// UTF-8 at the level of bytes (RFC 3629): the ends of characters, and invalid bytes.
package enum UTF8Text {
  /// How many bytes fit into `limit` without cutting a character, of four bytes at most.
  package static func cropped(_ text: UnsafeBufferPointer<UInt8>, to limit: Int) -> Int {
    guard text.count > limit else { return text.count }
    var end = limit
    while end > max(limit - 3, 0), text[end] & 0xC0 == 0x80 { end -= 1 }
    return end
  }

  /// The bytes of the character that begins at `index`.
  ///
  /// - Returns: 1…4, or 0 when no character of UTF-8 begins there.
  package static func characterLength(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let first = text[index]
    switch first {
    case 0..<0x80: return 1
    case 0xC2...0xDF: return follows(text, index, 0x80...0xBF, more: 0) ? 2 : 0
    case 0xE0: return follows(text, index, 0xA0...0xBF, more: 1) ? 3 : 0
    case 0xED: return follows(text, index, 0x80...0x9F, more: 1) ? 3 : 0
    case 0xE1...0xEF: return follows(text, index, 0x80...0xBF, more: 1) ? 3 : 0
    case 0xF0: return follows(text, index, 0x90...0xBF, more: 2) ? 4 : 0
    case 0xF1...0xF3: return follows(text, index, 0x80...0xBF, more: 2) ? 4 : 0
    case 0xF4: return follows(text, index, 0x80...0x8F, more: 2) ? 4 : 0
    default: return 0
    }
  }

  private static func follows(
    _ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ second: ClosedRange<UInt8>, more: Int
  ) -> Bool {
    guard index + 1 + more < text.count, second.contains(text[index + 1]) else { return false }
    for offset in 0..<more where text[index + 2 + offset] & 0xC0 != 0x80 { return false }
    return true
  }
}
