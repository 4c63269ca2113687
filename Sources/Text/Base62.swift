/// Positional notation in base 62 with the digits `0-9A-Za-z`, no leading zeros.
package enum Base62 {
  private static let digits = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  package static func contains(_ byte: UInt8) -> Bool { value(of: byte) != nil }

  package static func encode(_ number: UInt64) -> String {
    var rest = number
    return String(unsafeUninitializedCapacity: 11) { buffer in
      var start = 11
      repeat {
        start -= 1
        buffer[start] = digits[Int(rest % 62)]
        rest /= 62
      } while rest > 0
      for index in start..<11 { buffer[index - start] = buffer[index] }
      return 11 - start
    }
  }

  /// The number, or nil for other characters, nothing at all, or more than 64 bits.
  package static func decode(_ text: some Collection<UInt8>) -> UInt64? {
    text.withBytes { decode($0) }
  }

  /// The same on the way of every click.
  package static func decode(_ text: UnsafeBufferPointer<UInt8>) -> UInt64? {
    guard !text.isEmpty else { return nil }
    var number: UInt64 = 0
    for byte in text {
      guard let digit = value(of: byte) else { return nil }
      let (product, overflows) = number.multipliedReportingOverflow(by: 62)
      let (sum, carries) = product.addingReportingOverflow(digit)
      guard !overflows, !carries else { return nil }
      number = sum
    }
    return number
  }

  private static func value(of byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt64(byte - UInt8(ascii: "A")) + 10
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt64(byte - UInt8(ascii: "a")) + 36
    default: nil
    }
  }
}
