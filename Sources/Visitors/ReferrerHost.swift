/// The host of a referrer in lower case, as the counts by referrer keep it.
///
/// A referrer is sent by the client. Its host is that of an http or https URL, without user info,
/// final dot and port (RFC 3986, section 3.2). A backslash, which a browser reads as `/`, is not
/// allowed in it. `ClickSQL.referrerHost` is the same in SQL.
package enum ReferrerHost {
  /// The limit of a host's bytes (RFC 1035, section 2.3.4, without the outer length bytes).
  package static let maximumBytes = 253

  /// The same rule as a regular expression for stored referrers; its first group is the host.
  ///
  /// ClickHouse's `domain` returns user info as the host on 18.16.
  package static let pattern =
    #"^[hH][tT][tT][pP][sS]?://(?:[^/?#\\]*@)?"#
    + #"([0-9A-Za-z_-]+(?:\.[0-9A-Za-z_-]+)*|\[[0-9A-Fa-f:.]+\])\.?(?::[0-9]*)?(?:[/?#]|$)"#

  /// Lends the host; nothing is allocated.
  ///
  /// - Parameters:
  ///   - referrer: UTF-8.
  ///   - body: Called once with the host, valid during the call; with no bytes where there is none.
  package static func withHost(
    of referrer: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    let host = host(in: referrer)
    guard !host.isEmpty, host.count <= maximumBytes else {
      return body(UnsafeBufferPointer(start: nil, count: 0))
    }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: maximumBytes) { lower in
      for index in 0..<host.count {
        let byte = referrer[host.lowerBound + index]
        let isUpper = byte &- UInt8(ascii: "A") < 26
        lower.initializeElement(at: index, to: isUpper ? byte | 0x20 : byte)
      }
      body(UnsafeBufferPointer(rebasing: lower[..<host.count]))
    }
  }

  /// The range of the host; empty when there is none.
  private static func host(in text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    let scheme = schemeLength(text)
    guard scheme > 0 else { return 0..<0 }
    var start = scheme
    var end = scheme
    while end < text.count, !isDelimiter(text[end]) {
      if text[end] == UInt8(ascii: "@") { start = end + 1 }
      // A backslash is in neither user info nor host.
      if text[end] == UInt8(ascii: "\\") { return 0..<0 }
      end += 1
    }
    guard start < end else { return 0..<0 }
    let isLiteral = text[start] == UInt8(ascii: "[")
    let host = start..<(isLiteral ? endOfLiteral(text, start..<end) : endOfName(text, start..<end))
    guard isEndOfHost(text, host.upperBound..<end) else { return 0..<0 }
    return host
  }

  /// The length of `http://` or `https://` in any case; 0 for anything else.
  private static func schemeLength(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    guard text.count > 7, text[0] | 0x20 == UInt8(ascii: "h"), text[1] | 0x20 == UInt8(ascii: "t"),
      text[2] | 0x20 == UInt8(ascii: "t"), text[3] | 0x20 == UInt8(ascii: "p")
    else { return 0 }
    let colon = text[4] | 0x20 == UInt8(ascii: "s") ? 5 : 4
    guard text.count > colon + 3, text[colon] == UInt8(ascii: ":"),
      text[colon + 1] == UInt8(ascii: "/"), text[colon + 2] == UInt8(ascii: "/")
    else { return 0 }
    return colon + 3
  }

  /// The end of `[` address `]`; the range's start for anything else.
  private static func endOfLiteral(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> Int {
    var index = range.lowerBound + 1
    while index < range.upperBound, isOfAddress(text[index]) { index += 1 }
    guard index > range.lowerBound + 1, index < range.upperBound, text[index] == UInt8(ascii: "]")
    else { return range.lowerBound }
    return index + 1
  }

  /// The end of labels with single dots between them; the range's start without a label.
  private static func endOfName(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
    var end = range.lowerBound
    var index = range.lowerBound
    while index < range.upperBound {
      if isOfLabel(text[index]) {
        end = index + 1
      } else if text[index] != UInt8(ascii: ".") || end != index || index == range.lowerBound {
        break
      }
      index += 1
    }
    return end
  }

  /// Whether a host is followed by its final dot, its port, both or nothing.
  private static func isEndOfHost(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    if index < range.upperBound, text[index] == UInt8(ascii: ".") { index += 1 }
    guard index < range.upperBound else { return true }
    guard text[index] == UInt8(ascii: ":") else { return false }
    return text[(index + 1)..<range.upperBound].allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
  }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
  }

  private static func isOfLabel(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  private static func isOfAddress(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
      || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
  }
}
