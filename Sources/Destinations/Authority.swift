/// Host and port of a URL, checked.
struct Authority {
  let host: WebHost
  /// The text for the URL in ASCII: as written if it was ASCII, else with the host in punycode.
  let text: [UInt8]
  /// Whether it was ASCII, and `text` is unchanged.
  let isASCII: Bool

  init(_ written: ArraySlice<UInt8>) throws(DestinationURLError) {
    guard !written.contains(UInt8(ascii: "@")) else { throw .userInfo }
    let inHost = written.prefix { $0 != UInt8(ascii: "]") }
    let tail = inHost.endIndex < written.endIndex ? written[inHost.endIndex...] : written
    let colon = tail.firstIndex(of: UInt8(ascii: ":")) ?? written.endIndex
    let name = written[..<colon]
    let port = written[colon...]
    try Self.check(port: port.dropFirst())
    guard !name.isEmpty else { throw .noHost }
    guard !name.contains(where: Self.isDelimiter) else { throw .forbiddenCharacter }
    host = try WebHost(name)
    isASCII = name.allSatisfy { $0 < 0x80 }
    text =
      isASCII ? Array(written) : Self.ascii(host, endsInDot: WebHost.endsInDot(name)) + port
  }

  /// By the URL standards a port may be empty: then it is the scheme's default.
  private static func check(port: ArraySlice<UInt8>) throws(DestinationURLError) {
    guard !port.isEmpty else { return }
    var number = 0
    for digit in port {
      guard (0x30...0x39).contains(digit) else { throw .impossiblePort }
      number = number * 10 + Int(digit - 0x30)
      guard number <= 65_535 else { throw .impossiblePort }
    }
    guard number > 0 else { throw .impossiblePort }
  }

  private static func ascii(_ host: WebHost, endsInDot: Bool) -> [UInt8] {
    switch host {
    case .name(let name): name + (endsInDot ? [UInt8(ascii: ".")] : [])
    case .ipv4(let address):
      // Written in full-width digits, say.
      Array(
        (0..<4).map { String(address >> (24 - 8 * UInt32($0)) & 0xFF) }
          .joined(separator: ".").utf8)
    case .ipv6: []  // Has no form but ASCII.
    }
  }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "<")
      || byte == UInt8(ascii: ">")
  }
}
