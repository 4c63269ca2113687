package import Links
import Text

extension DestinationURL {
  /// Checks a URL and converts it to the form for `Location`.
  ///
  /// - Parameters:
  ///   - string: The URL as written.
  ///   - ownHosts: Hosts whose URLs would lead back to this shortener.
  ///   - anyScheme: Whether it may have another scheme than `http` and `https`.
  /// - Throws: The first reason against it.
  package init(
    _ string: String, ownHosts: OwnHosts, anyScheme: Bool = false
  ) throws(DestinationURLError) {
    let url = Self.trimmed(Array(string.utf8)[...])
    guard !url.isEmpty else { throw .empty }
    guard url.count <= Self.maximumLength else { throw .tooLong }
    // A backslash is a slash for browsers but not for other readers.
    guard url.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else {
      throw .forbiddenCharacter
    }
    if anyScheme, let scheme = URLScheme(of: url), scheme != .web {
      self = try Self.ofAnotherScheme(url, scheme)
      return
    }
    let start = try Self.authorityStart(url)
    let end = url[start...].firstIndex(where: Self.endsAuthority) ?? url.endIndex
    let authority = try Authority(url[start..<end])
    guard !ownHosts.contains(authority.host) else { throw .leadsBack }
    if authority.isASCII, url[end...].allSatisfy(Self.isKept) {
      self.init(
        unchecked: url.count == string.utf8.count ? string : String(decoding: url, as: UTF8.self))
      return
    }
    let ascii = url[..<start] + authority.text + Self.percentEncoded(url[end...])
    guard ascii.count <= Self.maximumLength else { throw .tooLong }
    self.init(unchecked: String(decoding: ascii, as: UTF8.self))
  }

  /// The name of a checked URL's host, as browsers read it: in lower case, without a last dot; nil where
  /// the host is an address, and for other schemes.
  package var hostName: String? {
    let url = Array(description.utf8)[...]
    guard let start = try? Self.authorityStart(url) else { return nil }
    let end = url[start...].firstIndex(where: Self.endsAuthority) ?? url.endIndex
    guard case .name(let name) = (try? Authority(url[start..<end]))?.host else { return nil }
    return String(decoding: name, as: UTF8.self)
  }

  /// A URL whose scheme is not one of the web: no host is looked for in it.
  private static func ofAnotherScheme(
    _ url: ArraySlice<UInt8>, _ scheme: URLScheme
  ) throws(DestinationURLError) -> DestinationURL {
    guard scheme != .forbidden else { throw .forbiddenScheme }
    let name = url.prefix { $0 != UInt8(ascii: ":") }
    guard let next = url[name.endIndex...].dropFirst().first else { throw .empty }
    // A host and its port, whose writer left the scheme out.
    let isPort = (0x30...0x39).contains(next)
    guard !isPort || !name.contains(UInt8(ascii: ".")) else { throw .unsupportedScheme }
    let ascii = percentEncoded(url)
    guard ascii.count <= maximumLength else { throw .tooLong }
    return DestinationURL(unchecked: String(decoding: ascii, as: UTF8.self))
  }

  /// Without the controls and blanks around it (WHATWG URL, basic URL parser, step 1).
  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let first = bytes.firstIndex(where: { $0 > 0x20 }),
      let last = bytes.lastIndex(where: { $0 > 0x20 })
    else { return [] }
    return bytes[first...last]
  }

  /// The index after `http://` or `https://`.
  private static func authorityStart(_ url: ArraySlice<UInt8>) throws(DestinationURLError) -> Int {
    let letters = url.prefix(6).prefix { $0 != UInt8(ascii: ":") }.map { $0 | 0x20 }
    let rest = url[(url.startIndex + letters.count)...]
    guard letters.elementsEqual("http".utf8) || letters.elementsEqual("https".utf8),
      rest.first == UInt8(ascii: ":")
    else { throw .unsupportedScheme }
    guard rest.starts(with: "://".utf8) else { throw .noHost }
    return rest.startIndex + 3
  }

  private static func endsAuthority(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
  }

  /// Whether a byte of path, query or fragment stays as it is.
  ///
  /// Other bytes are those that browsers encode in all three (WHATWG URL, percent-encode sets).
  private static func isKept(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "<")
      && byte != UInt8(ascii: ">")
  }

  private static func percentEncoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var encoded: [UInt8] = []
    encoded.reserveCapacity(bytes.count)
    for byte in bytes {
      if isKept(byte) {
        encoded.append(byte)
      } else {
        PercentEncoding.append(byte, to: &encoded)
      }
    }
    return encoded
  }
}
