import WebAddress

/// A URL that a short code may lead to, in the very bytes that go into `Location`.
///
/// Bytes as given, but that what is not ASCII is percent-encoded, once, and an internationalized
/// host is in punycode. So it is ASCII without control characters or blanks, absolute, `http` or
/// `https`, with a host, without user info, with a port that exists, 8 192 bytes at most.
package struct DestinationURL: Hashable, Sendable, CustomStringConvertible {
  package static let maximumLength = 8192

  package let description: String

  /// For a URL that was checked before.
  package init(unchecked string: String) {
    description = string
  }

  /// A URL that an engine holds: nil when it can't go into `Location`.
  ///
  /// It was checked in full when it went in. This is a cheap look at what somebody else may have put
  /// there: scheme, length, and printable ASCII only.
  package init?(stored string: String) {
    var string = string
    let canBeSent = string.withUTF8 { bytes in
      // Looked at to its end: without a way out of the loop, many bytes are compared at once.
      var others: UInt8 = 0
      for byte in bytes { others |= byte &- 0x21 > 0x7E - 0x21 ? 1 : 0 }
      return others == 0 && bytes.count <= Self.maximumLength && Self.hasScheme(bytes)
    }
    guard canBeSent else { return nil }
    description = string
  }

  /// Whether a URL begins with `http://` or `https://`, in letters of either case.
  private static func hasScheme(_ url: UnsafeBufferPointer<UInt8>) -> Bool {
    var rest = url[...]
    for letter in "http".utf8 where rest.popFirst().map({ $0 | 0x20 }) != letter { return false }
    if rest.first.map({ $0 | 0x20 }) == UInt8(ascii: "s") { rest.removeFirst() }
    return rest.starts(with: "://".utf8)
  }

  /// Checks a URL and brings it into the form for `Location`.
  ///
  /// - Parameters:
  ///   - string: The URL as somebody wrote it.
  ///   - ownHosts: Hosts, lower case, whose URLs would lead back to this shortener.
  /// - Throws: The first reason against it.
  package init(_ string: String, ownHosts: [String]) throws(DestinationURLError) {
    let utf8 = string.utf8
    guard !utf8.isEmpty else { throw .empty }
    guard utf8.count <= Self.maximumLength else { throw .tooLong }
    guard !utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F || Self.neverInURL.contains($0) })
    else { throw .forbiddenCharacter }
    guard let colon = utf8.firstIndex(of: UInt8(ascii: ":")),
      ["http", "https"].contains(string[..<colon].lowercased())
    else { throw .unsupportedScheme }
    let afterScheme = string[string.utf8.index(after: colon)...]
    guard afterScheme.hasPrefix("//") else { throw .noHost }

    let authorityStart = utf8.index(colon, offsetBy: 3)
    let authorityEnd =
      utf8[authorityStart...].firstIndex { "/?#".utf8.contains($0) } ?? utf8.endIndex
    let authority = try Authority(string[authorityStart..<authorityEnd])
    let ascii =
      string[..<authorityStart] + authority.text
      + Self.percentEncodingNonASCII(string[authorityEnd...])
    guard ascii.utf8.count <= Self.maximumLength else { throw .tooLong }
    // The last word is libcurl's: our reading and that of a client must name the same host. It
    // rewrites a name that is a number in disguise (0x7f.1), which is refused by that; of an IPv6
    // address it may make a shorter spelling.
    guard let address = WebAddress(String(ascii)), address.user == nil, address.password == nil
    else { throw .malformed }
    let host = Authority.canonical(address.host)
    guard host == authority.name || authority.isIPv6 else { throw .malformed }
    guard !ownHosts.contains(host) else { throw .leadsBack }
    description = String(ascii)
  }

  /// Characters that readers take in different ways (a backslash for a slash, a quote or an angle
  /// bracket for the end of the URL).
  private static let neverInURL = Set("\"<>\\".utf8)

  private static func percentEncodingNonASCII(_ text: Substring) -> String {
    guard text.utf8.contains(where: { $0 >= 0x80 }) else { return String(text) }
    let digits = Array("0123456789ABCDEF".utf8)
    var encoded: [UInt8] = []
    for byte in text.utf8 {
      if byte < 0x80 {
        encoded.append(byte)
      } else {
        encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }
}

/// Host and port of a URL, checked, in ASCII.
private struct Authority {
  /// What stands in the URL: the host as written or its punycode, and the port as written.
  let text: String
  /// The host in the form that is compared: lower case, no dot at its end.
  let name: String

  var isIPv6: Bool { name.utf8.first == UInt8(ascii: "[") }

  init(_ authority: Substring) throws(DestinationURLError) {
    guard !authority.utf8.contains(UInt8(ascii: "@")) else { throw .userInfo }
    var host = authority
    var port = authority[authority.endIndex...]
    let bracket = authority.utf8.lastIndex(of: UInt8(ascii: "]"))
    let tail = authority[(bracket ?? authority.startIndex)...]
    if let colon = tail.utf8.firstIndex(of: UInt8(ascii: ":")) {
      host = authority[..<colon]
      port = authority[colon...]
      guard let number = Int(port.dropFirst()), (1...65_535).contains(number),
        port.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) })
      else { throw .impossiblePort }
    }
    guard !host.isEmpty else { throw .noHost }
    let ascii = try Self.ascii(host)
    name = Self.canonical(ascii)
    text = ascii + port
  }

  static func canonical(_ host: String) -> String {
    let lowercased = host.lowercased()
    return lowercased.hasSuffix(".") ? String(lowercased.dropLast()) : lowercased
  }

  private static func ascii(_ host: Substring) throws(DestinationURLError) -> String {
    let isASCII = host.utf8.allSatisfy { $0 < 0x80 }
    guard let ascii = isASCII ? String(host) : WebAddress.asciiHost(String(host)) else {
      throw .malformed
    }
    if ascii.utf8.first == UInt8(ascii: "[") {
      let isAddress = ascii.utf8.dropFirst().dropLast().allSatisfy {
        $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") || isHexDigit($0)
      }
      guard isAddress, ascii.utf8.last == UInt8(ascii: "]") else { throw .malformed }
      return ascii
    }
    let labels = ascii.hasSuffix(".") ? ascii.dropLast() : ascii[...]
    let isName = labels.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .allSatisfy { label in
        (1...63).contains(label.count) && label.allSatisfy(isNameByte)
      }
    guard isName, labels.utf8.count <= 253 else { throw .malformed }
    return ascii
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
}

/// Why a URL can't be shortened; the text is for whoever sent it.
package enum DestinationURLError: Error, Equatable, CustomStringConvertible {
  case empty
  case tooLong
  case forbiddenCharacter
  case unsupportedScheme
  case userInfo
  case noHost
  case impossiblePort
  case malformed
  case leadsBack

  package var description: String {
    switch self {
    case .empty: "The URL is empty."
    case .tooLong: "The URL is longer than \(DestinationURL.maximumLength) bytes."
    case .forbiddenCharacter:
      "The URL has a blank, a control character or one of \" < > \\ in it."
    case .unsupportedScheme: "The URL must begin with http:// or https://."
    case .userInfo: "The URL must not carry a user name or a password."
    case .noHost: "The URL has no host."
    case .impossiblePort: "The URL's port is not a number from 1 to 65535."
    case .malformed: "The URL's host is not a valid name or address."
    case .leadsBack: "The URL leads back to this shortener."
    }
  }
}
