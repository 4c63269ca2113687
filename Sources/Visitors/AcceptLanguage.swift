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
}
