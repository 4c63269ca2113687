extension Base62 {
  /// A number of any length, the highest byte first, with zeros before it.
  ///
  /// - Parameters:
  ///   - bytes: The number.
  ///   - width: How many digits there are; it must be enough.
  /// - Returns: The digits.
  package static func encode(_ bytes: [UInt8], width: Int) -> String {
    var number = bytes
    var digits: [String] = []
    for _ in 0..<width {
      var rest = 0
      for index in number.indices {
        let part = rest << 8 | Int(number[index])
        number[index] = UInt8(part / 62)
        rest = part % 62
      }
      digits.append(encode(UInt64(rest)))
    }
    return digits.reversed().joined()
  }
}
