import Text

extension SnowflakeID {
  /// The id of a Base62 text; nil for other text, such as a slug that tells no id.
  ///
  /// One id has one text: no leading zeros.
  package init?(base62 text: some Collection<UInt8>) {
    guard let id = text.withBytes({ SnowflakeID(base62: $0) }) else { return nil }
    self = id
  }

  /// The same on the way of every click.
  package init?(base62 text: UnsafeBufferPointer<UInt8>) {
    guard text.first != UInt8(ascii: "0"), let number = Base62.decode(text),
      let id = Int64(exactly: number)
    else { return nil }
    self.init(rawValue: id)
  }

  /// The id of decimal digits: positive, without sign and leading zeros; else nil.
  package init?(decimal text: some Collection<UInt8>) {
    guard let first = text.first, first != UInt8(ascii: "0"), text.count <= 19 else { return nil }
    var number: UInt64 = 0
    for byte in text {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      // Nineteen digits fit into 64 bits.
      number = number * 10 + UInt64(digit)
    }
    guard let id = Int64(exactly: number) else { return nil }
    self.init(rawValue: id)
  }
}
