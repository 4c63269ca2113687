import Text

/// The name of one journal: 64 random bits, unique across clocks, hosts and restarts.
package struct JournalID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: UInt64

  package init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// Reads 16 hexadecimal digits; nil for anything else.
  package init?(hex digits: some Collection<UInt8>) {
    guard let value = UInt64(hexDigits: digits) else { return nil }
    self.init(rawValue: value)
  }

  package static func random() -> JournalID {
    JournalID(rawValue: .random(in: .min ... .max))
  }

  /// 16 lower-case hexadecimal digits.
  package var description: String {
    String(unsafeUninitializedCapacity: 16) { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      rawValue.writeHexDigits(to: base)
      return 16
    }
  }
}
