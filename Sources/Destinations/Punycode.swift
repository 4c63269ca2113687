/// Punycode's decoder (RFC 3492, section 6.2).
enum Punycode {
  /// The limit of a label in DNS (RFC 1035, section 2.3.4), which bounds the work below.
  static let maximumLength = 63

  /// The characters of a label, given what follows its `xn--`; nil when that is not well-formed.
  static func decode(_ encoded: [UInt8]) -> [Unicode.Scalar]? {
    guard encoded.count <= maximumLength else { return nil }
    let hyphen = encoded.lastIndex(of: UInt8(ascii: "-"))
    var scalars = encoded[..<(hyphen ?? 0)].map { Unicode.Scalar($0) }
    var position = hyphen.map { $0 + 1 } ?? 0
    // A label of ASCII alone has no such form.
    guard hyphen != 0, position < encoded.count else { return nil }
    var (value, index, bias, isFirst) = (128, 0, 72, true)
    while position < encoded.count {
      guard let delta = decodeDelta(encoded, from: &position, bias: bias) else { return nil }
      let count = scalars.count + 1
      value += (index + delta) / count
      index = (index + delta) % count
      guard value <= 0x10FFFF, let scalar = Unicode.Scalar(UInt32(value)) else { return nil }
      scalars.insert(scalar, at: index)
      index += 1
      bias = adapted(delta: delta, count: count, isFirst: isFirst)
      isFirst = false
    }
    return scalars
  }

  /// A generalized variable-length integer; nil if it is too large.
  private static func decodeDelta(
    _ encoded: [UInt8], from position: inout Int, bias: Int
  ) -> Int? {
    var (delta, weight, step) = (0, 1, 36)
    while position < encoded.count {
      guard let digit = digit(encoded[position]) else { return nil }
      position += 1
      delta += digit * weight
      guard delta <= Int(Int32.max) else { return nil }
      let threshold = min(max(step - bias, 1), 26)
      if digit < threshold { return delta }
      weight *= 36 - threshold
      guard weight <= Int(Int32.max) else { return nil }
      step += 36
    }
    return nil
  }

  private static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte - UInt8(ascii: "a"))
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) + 26
    default: nil
    }
  }

  /// The bias for the next integer (section 6.1).
  private static func adapted(delta: Int, count: Int, isFirst: Bool) -> Int {
    var delta = isFirst ? delta / 700 : delta / 2
    delta += delta / count
    var step = 0
    while delta > 455 {
      delta /= 35
      step += 36
    }
    return step + 36 * delta / (delta + 38)
  }
}
