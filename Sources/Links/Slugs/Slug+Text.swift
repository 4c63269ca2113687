import Text

/// Slugs in running text: a text is read as written, then without the characters that follow a
/// link.
///
/// So a text names at most two slugs, and costs at most two look-ups.
extension Slug {
  package typealias Bytes = UnsafeBufferPointer<UInt8>

  /// A text without the characters that running text adds to a link.
  ///
  /// It drops everything from the first blank, `&`, `<` or `"` on. At the end it drops everything
  /// but letters and digits (`CODE/`, `CODE).`, `CODE%E2%80%9D`).
  ///
  /// - Parameter text: Bytes of a path; an encoded byte counts as the byte itself.
  /// - Returns: A part of the text, perhaps empty.
  package static func start(of text: Bytes) -> Bytes {
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
    return Bytes(rebasing: text[..<end])
  }

  /// The slugs that a text may name, in the order in which they are looked up: two at most.
  package static func readings(of text: Bytes) -> [Slug] {
    let start = start(of: text)
    return [Slug(text), start.count < text.count ? Slug(start) : nil].compactMap(\.self)
  }

  /// The slugs that a pasted text may name, percent-encoded or not.
  package static func readings(pasted text: String) -> [Slug] {
    Array(text.utf8).withUnsafeBufferPointer { text in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count) { room in
        let count = PercentEncoding.decodeUnreserved(text, into: room)
        return readings(of: Bytes(rebasing: room[..<count]))
      }
    }
  }

  private static func endsLink(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == 0x7F || "&<\"".utf8.contains(byte)
  }
}
