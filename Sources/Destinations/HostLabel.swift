import IDNA

/// One label of a host name in the ASCII form that browsers look up, in lower case.
///
/// libidn2 and browsers were compared label by label. Browsers accept every label that is accepted
/// here, and give it the same ASCII form (WHATWG URL, domain to ASCII).
struct HostLabel {
  let ascii: [UInt8]

  /// - Parameter written: UTF-8 without dots.
  /// - Throws: `malformed` or `internationalHost`.
  init(_ written: some Collection<UInt8>) throws(DestinationURLError) {
    var label: [UInt8] = []
    label.reserveCapacity(written.count)
    var isASCII = true
    for byte in written {
      label.append(Self.lowercased(byte))
      if byte >= 0x80 { isASCII = false }
    }
    if !isASCII {
      label = try Self.converted(label)
    } else if Self.isEncoded(label) {
      try Self.check(encoded: label)
    }
    // After a conversion too: a mapping may put a slash or a dot into a name.
    guard (1...Punycode.maximumLength).contains(label.count), label.allSatisfy(Self.isNameByte)
    else { throw .malformed }
    ascii = label
  }

  private static func converted(_ label: [UInt8]) throws(DestinationURLError) -> [UInt8] {
    // Unicode 15.1 maps U+1E9E (ẞ) to ß, older tables map it to ss: browsers disagree.
    guard !String(decoding: label, as: UTF8.self).unicodeScalars.contains("\u{1E9E}") else {
      throw .internationalHost
    }
    guard let ascii = try? IDNA.ascii(label: label) else { throw .internationalHost }
    if isEncoded(ascii) { try check(encoded: ascii) }
    return ascii
  }

  /// Checks a label that begins with `xn--`.
  ///
  /// libidn2 accepts some labels that no browser accepts, because a mapping changes their decoded
  /// form. It refuses symbols, which occur in real names (`xn--i-7iq.ws`). Such labels are accepted
  /// when the remaining checks pass: context and direction.
  private static func check(encoded label: [UInt8]) throws(DestinationURLError) {
    guard let scalars = Punycode.decode(Array(label.dropFirst(4))),
      scalars.allSatisfy({ !$0.properties.changesWhenNFKCCaseFolded || isDeviation($0) })
    else { throw .internationalHost }
    do throws(IDNAError) {
      guard try IDNA.ascii(label: label) == label else { throw IDNAError.invalid }
    } catch {
      guard error == .disallowed, !scalars.contains(where: { isJoiner($0) || isRightToLeft($0) })
      else { throw .internationalHost }
    }
  }

  private static func isEncoded(_ label: [UInt8]) -> Bool {
    label.starts(with: "xn--".utf8)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }

  /// The characters that transitional processing would map and ours keeps.
  private static func isDeviation(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\u{DF}" || scalar == "\u{3C2}" || isJoiner(scalar)
  }

  private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\u{200C}" || scalar == "\u{200D}"
  }

  /// Whether it is in a block of scripts written from right to left (DerivedBidiClass.txt).
  private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x590...0x8FF, 0x200F, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF,
      0x1E800...0x1EFFF:
      true
    default: false
    }
  }
}
