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

  /// Reads 16 digits that lie at a pointer.
  package init?(hexDigitsAt pointer: UnsafePointer<UInt8>) {
    var value: UInt64 = 0
    for index in 0..<16 {
      guard let nibble = UInt8(hexDigit: pointer[index]) else { return nil }
      value = value << 4 | UInt64(nibble)
    }
    self = value
  }

  /// Writes 16 lower-case digits.
  package func writeHexDigits(to out: UnsafeMutablePointer<UInt8>) {
    for place in 0..<16 {
      let nibble = UInt8(truncatingIfNeeded: self >> UInt64(60 - 4 * place)) & 0xF
      out[place] = UInt8.lowerHexDigit(nibble)
    }
  }
}
