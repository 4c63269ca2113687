/// A language, perhaps of one country: `en` includes `en-GB`, and `en-GB` doesn't include `en`.
///
/// Case doesn't matter, and `_` is `-`. As in Shlink, only the first two subtags count.
package struct LanguageRange: Equatable, Sendable {
  package typealias Bytes = UnsafeBufferPointer<UInt8>

  /// The limit of bytes that are read of a header.
  private static let headerLimit = 512
  /// The limit of a language tag, by RFC 5646, section 4.4.1.
  private static let longestTag = 35

  /// As it was written.
  package let description: String
  private let language: [UInt8]
  /// Nil for all countries.
  private let country: [UInt8]?

  /// - Returns: Nil for what is no language tag (RFC 5646).
  package init?(_ text: String) {
    let bytes = text.utf8.map(Self.normal)
    let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard bytes.count <= Self.longestTag, (2...8).contains(parts[0].count),
      parts[0].allSatisfy({ (0x61...0x7A).contains($0) }),
      parts.dropFirst().allSatisfy({ part in
        (1...8).contains(part.count)
          && part.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
      })
    else { return nil }
    description = text
    language = Array(parts[0])
    country = parts.count > 1 ? Array(parts[1]) : nil
  }

  /// Whether a header `Accept-Language` names it with a weight of 0.9 or more.
  package func isAccepted(by header: Bytes) -> Bool {
    let end = min(header.count, Self.headerLimit)
    var start = 0
    while start < end {
      var next = start
      while next < end, header[next] != UInt8(ascii: ",") { next += 1 }
      if accepts(header, start..<next) { return true }
      start = next + 1
    }
    return false
  }

  /// Whether one element of the header, such as `en-GB;q=0.9`, names it.
  private func accepts(_ header: Bytes, _ element: Range<Int>) -> Bool {
    var index = element.lowerBound
    while index < element.upperBound, Self.isBlank(header[index]) { index += 1 }
    guard Self.reads(language, header, &index, element.upperBound) else { return false }
    if let country {
      guard index < element.upperBound, Self.normal(header[index]) == UInt8(ascii: "-") else {
        return false
      }
      index += 1
      guard Self.reads(country, header, &index, element.upperBound) else { return false }
    }
    while index < element.upperBound, header[index] != UInt8(ascii: ";") { index += 1 }
    return Self.isHighWeight(header, index..<element.upperBound)
  }

  /// Whether a whole subtag is this one; if so, `index` is behind it.
  private static func reads(
    _ subtag: [UInt8], _ header: Bytes, _ index: inout Int, _ end: Int
  ) -> Bool {
    let after = index + subtag.count
    guard after <= end else { return false }
    for (offset, byte) in subtag.enumerated() where normal(header[index + offset]) != byte {
      return false
    }
    guard after == end || !isOfSubtag(header[after]) else { return false }
    index = after
    return true
  }

  /// Whether `;q=…` is 0.9 or more; the weight of an element without one is 1.
  private static func isHighWeight(_ header: Bytes, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    func skipBlanks() { while index < range.upperBound, isBlank(header[index]) { index += 1 } }
    func take(_ byte: UInt8) -> Bool {
      guard index < range.upperBound, header[index].lowercased == byte else { return false }
      index += 1
      return true
    }
    guard take(UInt8(ascii: ";")) else { return true }
    skipBlanks()
    guard take(UInt8(ascii: "q")), take(UInt8(ascii: "=")) else { return true }
    if take(UInt8(ascii: "1")) { return true }
    return take(UInt8(ascii: "0")) && take(UInt8(ascii: ".")) && take(UInt8(ascii: "9"))
  }

  private static func normal(_ byte: UInt8) -> UInt8 {
    byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : byte.lowercased
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func isOfSubtag(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte.lowercased)
  }
}
