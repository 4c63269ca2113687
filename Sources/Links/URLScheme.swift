/// The scheme of a URL.
package enum URLScheme: Sendable {
  /// `http` or `https`.
  case web
  /// One that opens a program, such as `mailto`, or the scheme of an app.
  case other
  /// One that no link leads to: it runs code, shows what the URL itself holds, or reads local files.
  case forbidden

  /// How many characters before the colon are read.
  private static let longest = 64

  private static let refused: Set<String> = [
    "javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "view-source", "jar",
  ]

  /// Reads a URL's scheme, in any case of its letters.
  ///
  /// - Returns: Nil for a text without one (RFC 3986, section 3.1).
  package init?(of url: some Collection<UInt8>) {
    let name = url.prefix(Self.longest).prefix { $0 != UInt8(ascii: ":") }
    guard name.endIndex < url.endIndex, url[name.endIndex] == UInt8(ascii: ":"),
      name.first.map(Self.isLetter) ?? false, name.allSatisfy(Self.isNameByte)
    else { return nil }
    let lowercased = String(
      decoding: name.map { Self.isLetter($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    switch lowercased {
    case "http", "https": self = .web
    case _ where Self.refused.contains(lowercased): self = .forbidden
    default: self = .other
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || (0x30...0x39).contains(byte) || "+-.".utf8.contains(byte)
  }
}
