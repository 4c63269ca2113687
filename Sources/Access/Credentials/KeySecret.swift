package import Hashing
import Text

/// The text of an API key, as its holder sends it.
///
/// A key that is made here is `swl_`, 43 digits for 256 random bits in base 62, and 6 digits for a CRC-32.
/// Secret scanners know it by its beginning. A mistyped one is refused without a store. A key that an
/// operator chose (`INITIAL_API_KEY`) is any text of 16 to 128 visible ASCII characters.
package struct KeySecret: Sendable {
  package let text: String

  /// How secrets begin that are made here.
  package static let mark = "swl_"
  private static let digits = 43
  private static let checkDigits = 6
  /// How long a text may be, in characters.
  package static let lengths = 16...128

  /// A new one.
  package static func random() -> KeySecret {
    let start = mark + Base62.encode(RandomBytes.make(32), width: digits)
    return KeySecret(unchecked: start + check(start.utf8))
  }

  /// One for the API's description, which nobody has.
  package static let sample = KeySecret(
    unchecked: mark + Base62.encode([0], width: digits) + "000000")

  /// Reads what somebody sent or chose.
  ///
  /// - Returns: Nil for what no key is like.
  package init?(_ bytes: some Collection<UInt8>) {
    guard Self.lengths.contains(bytes.count),
      bytes.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return nil }
    if bytes.starts(with: Self.mark.utf8) {
      let start = bytes.dropLast(Self.checkDigits)
      guard start.count == Self.mark.utf8.count + Self.digits,
        start.dropFirst(Self.mark.utf8.count).allSatisfy({ Base62.contains($0) }),
        bytes.suffix(Self.checkDigits).elementsEqual(Self.check(start).utf8)
      else { return nil }
    }
    text = String(decoding: bytes, as: UTF8.self)
  }

  private init(unchecked text: String) {
    self.text = text
  }

  /// What is stored of it.
  package var hash: SHA256 { SHA256(of: Array(text.utf8)) }

  /// Its first characters, by which people tell keys apart.
  package var prefix: String { String(text.prefix(text.hasPrefix(Self.mark) ? 12 : 4)) }

  private static func check(_ start: some Collection<UInt8>) -> String {
    let sum = Base62.encode(UInt64(CRC32.checksum(start)))
    return String(repeating: "0", count: checkDigits - sum.utf8.count) + sum
  }
}
