import Text

/// The title of a page of HTML.
enum PageTitle {
  /// The limit of a title, in characters.
  static let limit = 512

  /// Reads a title.
  ///
  /// Scripts, styles and comments are passed over, and what the page shows is not looked into.
  ///
  /// - Parameters:
  ///   - page: The page, or its beginning.
  ///   - contentType: The header line of that name.
  /// - Returns: Nil when there is none, or when its end isn't there.
  static func find(in page: [UInt8], contentType: String?) -> String? {
    guard let raw = bytes(of: page[...]) else { return nil }
    let charset = Charset(contentType: contentType, page: page)
    let text = HTMLText.decoded(charset.text(of: raw))
    let words = text.unicodeScalars.split { $0.properties.isWhitespace || $0.value < 0x20 }
    let visible = words.map { word in
      String(String.UnicodeScalarView(word.filter { $0.properties.generalCategory != .control }))
    }
    let title = visible.filter { !$0.isEmpty }.joined(separator: " ")
    // By scalars: any number of marks may follow a letter, and make one character with it.
    return title.isEmpty
      ? nil : String(String.UnicodeScalarView(title.unicodeScalars.prefix(limit)))
  }

  /// The bytes between the tags of the title.
  private static func bytes(of page: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var rest = page
    while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
      rest = rest[start...]
      if rest.starts(with: "<!--".utf8) {
        guard let end = index(of: "-->", in: rest.dropFirst(4)) else { return nil }
        rest = rest[end...]
      } else if begins(rest, "<title"), isTagEnd(rest.dropFirst(6).first) {
        guard let open = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
        let inside = rest[(open + 1)...]
        return index(of: "</title", in: inside).map { inside[..<$0] }
      } else if begins(rest, "<script") || begins(rest, "<style") {
        guard let end = index(of: begins(rest, "<script") ? "</script" : "</style", in: rest) else {
          return nil
        }
        rest = rest[end...].dropFirst(2)
      } else if begins(rest, "<body") {
        return nil
      } else {
        rest = rest.dropFirst()
      }
    }
    return nil
  }

  private static func isTagEnd(_ byte: UInt8?) -> Bool {
    byte.map { $0 <= 0x20 || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "/") } ?? false
  }

  /// Whether bytes begin with a word, in any case of its letters.
  private static func begins(_ bytes: ArraySlice<UInt8>, _ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard bytes.count >= count else { return false }
    return zip(bytes, UnsafeBufferPointer(start: word.utf8Start, count: count)).allSatisfy {
      ((0x41...0x5A).contains($0) ? $0 | 0x20 : $0) == $1
    }
  }

  private static func index(of word: StaticString, in bytes: ArraySlice<UInt8>) -> Int? {
    let first = word.utf8Start[0]
    var rest = bytes
    while let start = rest.firstIndex(of: first) {
      rest = rest[start...]
      if begins(rest, word) { return start }
      rest = rest.dropFirst()
    }
    return nil
  }
}
