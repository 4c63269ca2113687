/// One hexadecimal digit.
extension UInt8 {
  /// The value of a digit of either case; nil for another byte.
  package init?(hexDigit digit: UInt8) {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self = digit &- UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self = digit &- UInt8(ascii: "a") &+ 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self = digit &- UInt8(ascii: "A") &+ 10
    default: return nil
    }
  }

  /// The digit of a value below 16, in lower case.
  package static func lowerHexDigit(_ value: UInt8) -> UInt8 {
    value &+ (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
  }

  /// The digit of a value below 16, in upper case.
  static func upperHexDigit(_ value: UInt8) -> UInt8 {
    value &+ (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "A") - 10)
  }
}

/// Sixteen hexadecimal digits are one 64-bit word: how journals and events are named.
extension UInt64 {
  /// Reads exactly 16 digits of either case; nil for anything else.
  package init?(hexDigits digits: some Collection<UInt8>) {
    guard digits.count == 16 else { return nil }
    var value: UInt64 = 0
    for digit in digits {
      guard let nibble = UInt8(hexDigit: digit) else { return nil }
      value = value << 4 | UInt64(nibble)
    }
    self = value
  }

  /// Reads 16 digits of either case that lie at a pointer; nil for anything else.
  ///
  /// On the way of every redirect and of every stored click: eight digits are read at once.
  package init?(hexDigitsAt pointer: UnsafePointer<UInt8>) {
    let raw = UnsafeRawPointer(pointer)
    guard let high = Self.word(of: raw.loadUnaligned(as: UInt64.self)),
      let low = Self.word(of: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    else { return nil }
    self = high << 32 | low
  }

  /// A byte in each of a word's eight.
  private static func each(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }

  /// The 32 bits that eight digits stand for; nil when one of them is none.
  private static func word(of text: UInt64) -> UInt64? {
    // In a letter, bit 6 is set and the low bits count from 1.
    let letters = (text & each(0x40)) >> 6
    let values = (text & each(0x0F)) &+ letters &* 9
    // A digit is what its value is written as, but for the case of a letter. Without the second look a
    // control byte would pass for a digit, by the bit that makes letters lower case.
    let isLetter = ((values &+ each(0x06)) >> 4) & each(0x01)
    let written = values &+ each(0x30) &+ isLetter &* 0x27
    guard values & each(0xF0) == 0, written == text | each(0x20),
      (text | text >> 1) & each(0x20) == each(0x20)
    else { return nil }
    var packed = UInt64(bigEndian: values)
    packed = (packed | packed >> 4) & 0x00FF_00FF_00FF_00FF
    packed = (packed | packed >> 8) & 0x0000_FFFF_0000_FFFF
    return (packed | packed >> 16) & 0xFFFF_FFFF
  }

  /// Writes 16 lower-case digits.
  package func writeHexDigits(to out: UnsafeMutablePointer<UInt8>) {
    for place in 0..<16 {
      let nibble = UInt8(truncatingIfNeeded: self >> UInt64(60 - 4 * place)) & 0xF
      out[place] = UInt8.lowerHexDigit(nibble)
    }
  }
}
