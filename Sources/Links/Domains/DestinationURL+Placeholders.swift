import Text

/// Placeholders in a URL for visitors without a link, as Shlink has them.
///
/// `{DOMAIN}` stands for the visited domain and `{ORIGINAL_PATH}` for the visited path. They are
/// replaced in the URL's path and in its query, also where their braces are percent-encoded.
extension DestinationURL {
  /// The URL for a visitor.
  ///
  /// In the path a value stands as it is, and of two slashes in a row one is left. In the query it is
  /// percent-encoded.
  ///
  /// - Parameters:
  ///   - domain: The visited authority.
  ///   - path: The visited path as it came; bytes that no URL can have are percent-encoded.
  /// - Returns: The URL itself when it has no placeholder; nil when it would be too long.
  package func filled(domain: String, path: Bytes) -> DestinationURL? {
    let url = Array(description.utf8)
    let isDelimiter = { (byte: UInt8, delimiters: StaticString) in
      UnsafeBufferPointer(start: delimiters.utf8Start, count: delimiters.utf8CodeUnitCount)
        .contains(byte)
    }
    let scheme = url.firstIndex(of: UInt8(ascii: ":")).map { $0 + 3 } ?? 0
    let pathStart = url[scheme...].firstIndex { isDelimiter($0, "/?#") } ?? url.endIndex
    let queryStart = url[pathStart...].firstIndex { isDelimiter($0, "?#") } ?? url.endIndex
    let end = url[queryStart...].firstIndex(of: UInt8(ascii: "#")) ?? url.endIndex
    guard
      let newPath = Self.filled(url[pathStart..<queryStart], domain, path, Self.pathText),
      let newQuery = Self.filled(url[queryStart..<end], domain, path, Self.queryText)
    else { return nil }
    guard newPath.hasPlaceholder || newQuery.hasPlaceholder else { return self }
    let filled =
      url[..<pathStart] + Self.withoutDoubleSlashes(newPath.text) + newQuery.text + url[end...]
    guard filled.count <= Self.maximumLength else { return nil }
    return DestinationURL(unchecked: String(decoding: filled, as: UTF8.self))
  }

  /// A part of a URL with its placeholders replaced; nil when it would be too long.
  private static func filled(
    _ part: ArraySlice<UInt8>, _ domain: String, _ path: Bytes,
    _ encoded: (UInt8, inout [UInt8]) -> Void
  ) -> (text: [UInt8], hasPlaceholder: Bool)? {
    var (text, hasPlaceholder, rest): ([UInt8], Bool, ArraySlice<UInt8>) = ([], false, part)
    while let first = rest.first {
      if drop("DOMAIN", from: &rest) {
        for byte in domain.utf8 { encoded(byte, &text) }
        hasPlaceholder = true
      } else if drop("ORIGINAL_PATH", from: &rest) {
        for byte in path { encoded(byte, &text) }
        hasPlaceholder = true
      } else {
        text.append(first)
        rest.removeFirst()
      }
      guard text.count <= maximumLength else { return nil }
    }
    return (text, hasPlaceholder)
  }

  /// Takes a name in braces off the beginning of a text; returns whether it was there.
  private static func drop(_ name: StaticString, from text: inout ArraySlice<UInt8>) -> Bool {
    var rest = text
    let name = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    guard dropBrace("{", "%7b", from: &rest), rest.starts(with: name) else { return false }
    rest = rest.dropFirst(name.count)
    guard dropBrace("}", "%7d", from: &rest) else { return false }
    text = rest
    return true
  }

  private static func dropBrace(
    _ brace: Unicode.Scalar, _ encoded: String, from text: inout ArraySlice<UInt8>
  ) -> Bool {
    if text.first == UInt8(ascii: brace) {
      text = text.dropFirst()
      return true
    }
    let start = text.prefix(3).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    guard start == Array(encoded.utf8) else { return false }
    text = text.dropFirst(3)
    return true
  }

  private static func withoutDoubleSlashes(_ path: [UInt8]) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    var (text, isSecond): ([UInt8], Bool) = ([], false)
    for byte in path {
      isSecond = byte == slash && text.last == slash && !isSecond
      if !isSecond { text.append(byte) }
    }
    return text
  }

  private static func pathText(_ byte: UInt8, _ text: inout [UInt8]) {
    if (0x21...0x7E).contains(byte), !"\"#<>?\\^`{|}".utf8.contains(byte) {
      text.append(byte)
    } else {
      PercentEncoding.append(byte, to: &text)
    }
  }

  private static func queryText(_ byte: UInt8, _ text: inout [UInt8]) {
    if PercentEncoding.isUnreserved(byte) {
      text.append(byte)
    } else {
      PercentEncoding.append(byte, to: &text)
    }
  }
}
