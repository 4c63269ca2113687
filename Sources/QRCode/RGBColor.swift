/// A colour: three bytes.
package struct RGBColor: Equatable, Sendable, CustomStringConvertible {
  package let red: UInt8
  package let green: UInt8
  package let blue: UInt8

  package static let black = RGBColor(red: 0, green: 0, blue: 0)
  package static let white = RGBColor(red: 255, green: 255, blue: 255)

  package init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// Reads `#rrggbb`, `rrggbb`, `#rgb` or `rgb`, in any case.
  package init?(_ text: String) {
    let digits = text.utf8.drop { $0 == UInt8(ascii: "#") }.map { Int8(Self.value(ofDigit: $0)) }
    guard text.utf8.count - digits.count <= 1, !digits.contains(-1) else { return nil }
    let pairs: [Int8]
    switch digits.count {
    case 6: pairs = digits
    case 3: pairs = digits.flatMap { [$0, $0] }
    default: return nil
    }
    let bytes = stride(from: 0, to: 6, by: 2).map { UInt8(pairs[$0]) << 4 | UInt8(pairs[$0 + 1]) }
    self.init(red: bytes[0], green: bytes[1], blue: bytes[2])
  }

  /// As `#rrggbb`.
  package var description: String {
    let number = Int(red) << 16 | Int(green) << 8 | Int(blue)
    let digits = String(number, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.utf8.count) + digits
  }

  /// - Returns: -1 for what is no digit.
  private static func value(ofDigit byte: UInt8) -> Int {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30
    case 0x41...0x46, 0x61...0x66: Int(byte | 0x20) - 0x61 + 10
    default: -1
    }
  }
}
