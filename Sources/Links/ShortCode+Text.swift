import Text

extension ShortCode {
  /// The start of a text that can be a code, without what running text adds to a link: everything
  /// from the first blank, `&`, `<` or `"` on, and all at the end but letters and digits (`CODE/`,
  /// `CODE).`, `CODE%E2%80%9D`).
  ///
  /// Only for a text that is no code as written.
  ///
  /// - Parameter text: Bytes of a path; an encoded byte counts as what it stands for.
  /// - Returns: A part of the text, maybe nothing.
  package static func start(
    of text: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    var end = 0
    while end < text.count {
      let encoded = PercentEncoding.byte(in: text, at: end)
      if endsLink(encoded ?? text[end]) { break }
      end += encoded == nil ? 1 : 3
    }
    while end > 0 {
      if let encoded = PercentEncoding.byte(in: text, at: end - 3) {
        guard !Base62.contains(encoded) else { break }
        end -= 3
      } else {
        guard !Base62.contains(text[end - 1]) else { break }
        end -= 1
      }
    }
    return UnsafeBufferPointer(rebasing: text[..<end])
  }

  /// Reads a text as people paste it: the code as written, else without what followed it.
  package init?(pasted text: String) {
    let code = Array(text.utf8).withUnsafeBufferPointer { text in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count) { room in
        let count = PercentEncoding.decodeUnreserved(text, into: room)
        let part = UnsafeBufferPointer(rebasing: room[..<count])
        return ShortCode(part) ?? ShortCode(Self.start(of: part))
      }
    }
    guard let code else { return nil }
    self = code
  }

  private static func endsLink(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == 0x7F || "&<\"".utf8.contains(byte)
  }
}
