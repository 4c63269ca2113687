/// Sixteen hexadecimal digits are one 64-bit word: how journals and events are named.
extension UInt64 {
  /// Reads exactly 16 digits of either case; nil for anything else.
  package init?(hexDigits digits: some Collection<UInt8>) {
    guard digits.count == 16 else { return nil }
    var value: UInt64 = 0
    for digit in digits {
      guard let nibble = Self.nibble(digit) else { return nil }
      value = value << 4 | nibble
    }
    self = value
  }

  /// Reads 16 digits that lie at a pointer.
  package init?(hexDigitsAt pointer: UnsafePointer<UInt8>) {
    var value: UInt64 = 0
    for index in 0..<16 {
      guard let nibble = Self.nibble(pointer[index]) else { return nil }
      value = value << 4 | nibble
    }
    self = value
  }

  /// Writes 16 lower-case digits.
  package func writeHexDigits(to out: UnsafeMutablePointer<UInt8>) {
    for place in 0..<16 {
      let nibble = UInt8(truncatingIfNeeded: self >> UInt64(60 - 4 * place)) & 0xF
      out[place] = nibble &+ (nibble < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
    }
  }

  private static func nibble(_ digit: UInt8) -> UInt64? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit &- UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit &- UInt8(ascii: "a") &+ 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(digit &- UInt8(ascii: "A") &+ 10)
    default: nil
    }
  }
}
