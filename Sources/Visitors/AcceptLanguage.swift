/// The languages that a visitor's browser asks for (RFC 9110, section 12.5.4).
package enum AcceptLanguage {
  package typealias Bytes = UnsafeBufferPointer<UInt8>

  /// The limit of a kept tag; `zh-Hant-TW` has ten bytes.
  package static let maximumTagBytes = 11

  /// The first tag of the header as it was sent, cut at the limit.
  ///
  /// It is called for every redirect, and looks at no more bytes than it returns.
  package static func firstTag(of header: Bytes) -> Bytes {
    var count = 0
    while count < header.count, count < maximumTagBytes {
      let byte = header[count]
      if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") { break }
      count += 1
    }
    return Bytes(rebasing: header[..<count])
  }

  /// Lends a tag in lower case; no bytes for what is none, such as `*`.
  package static func withNormalForm(of tag: Bytes, _ body: (Bytes) -> Void) {
    guard tag.count <= maximumTagBytes, tag.first.map(isLetter) ?? false,
      tag.allSatisfy({ isLetter($0) || $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: "-") })
    else { return body(Bytes(start: nil, count: 0)) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: maximumTagBytes) { lower in
      for index in 0..<tag.count {
        let isUpper = tag[index] &- UInt8(ascii: "A") < 26
        lower.initializeElement(at: index, to: isUpper ? tag[index] | 0x20 : tag[index])
      }
      body(Bytes(rebasing: lower[..<tag.count]))
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
}
