import Glibc
import Links
package import Text
import Visitors

extension BorrowedClick {
  /// The limit of a line's bytes: every byte of the texts escaped as six, and the fixed parts.
  package static let maximumLineBytes =
    6
    * (Click.maximumShortCodeBytes + Click.maximumAddressBytes + Click.maximumUserAgentBytes
      + Click.maximumReferrerBytes + Click.maximumLanguageBytes) + 384

  /// Writes the click as one line of a journal: a JSON object and a line feed.
  ///
  /// It is called for every redirect, and allocates nothing. Contract:
  /// `{"event_id","short_code","timestamp","ip_address","user_agent","referrer"}`, then
  /// `"link":"<id>"` when the code doesn't tell the link's id, `"lang":"<tag>"` when the visitor
  /// sent one, and those of `"rev","rule","domain","flags","kind","n"` (`ClickDetails`) that aren't
  /// the default. `"retried":true` from the backup pool is last. The id is a string, because many
  /// JSON readers keep only 53 bits of a number.
  ///
  /// A visit without a link has `"path"` instead of `"short_code"`. So a reader that knows no such
  /// visits refuses the line, and takes it for no link's click.
  ///
  /// - Parameters:
  ///   - buffer: Room for `maximumLineBytes`.
  ///   - times: Writes the time, and keeps the date for the next line.
  /// - Returns: The bytes of the line.
  package func writeLine(
    to buffer: UnsafeMutableBufferPointer<UInt8>, _ times: inout TimeWriter
  ) -> Int {
    precondition(buffer.count >= Self.maximumLineBytes, "the longest line must fit")
    guard let start = buffer.baseAddress else { return 0 }
    var line = LineWriter(at: start)
    line.put("{\"event_id\":\"")
    line.put(eventID)
    line.put(details.kind == .link ? "\",\"short_code\":\"" : "\",\"path\":\"")
    line.put(escaping: shortCode, limit: Click.maximumShortCodeBytes)
    line.put("\",\"timestamp\":\"")
    line.put(time: milliseconds, &times)
    line.put("\",\"ip_address\":\"")
    line.put(escaping: address, limit: Click.maximumAddressBytes)
    line.put("\",\"user_agent\":\"")
    line.put(escaping: userAgent, limit: Click.maximumUserAgentBytes)
    line.put("\",\"referrer\":\"")
    line.put(escaping: referrer, limit: Click.maximumReferrerBytes)
    if let linkID {
      line.put("\",\"link\":\"")
      line.put(linkID)
    }
    let tag = AcceptLanguage.firstTag(of: language)
    if !tag.isEmpty {
      line.put("\",\"lang\":\"")
      line.put(escaping: tag, limit: Click.maximumLanguageBytes)
    }
    if details.areDefault {
      line.put(isRetried ? "\",\"retried\":true}\n" : "\"}\n")
    } else {
      line.put("\"")
      line.put(details)
      line.put(isRetried ? ",\"retried\":true}\n" : "}\n")
    }
    return line.end - start
  }
}

/// Writes the parts of a line one after the other into memory with room for the longest line.
private struct LineWriter {
  private(set) var end: UnsafeMutablePointer<UInt8>

  init(at start: UnsafeMutablePointer<UInt8>) {
    end = start
  }

  mutating func put(_ literal: StaticString) {
    put(literal.utf8Start, count: literal.utf8CodeUnitCount)
  }

  mutating func put(_ event: EventID) {
    event.high.writeHexDigits(to: end)
    event.low.writeHexDigits(to: end + 16)
    end += 32
  }

  mutating func put(_ id: SnowflakeID) {
    put(number: UInt64(bitPattern: id.rawValue))
  }

  /// Writes the members that aren't the default.
  mutating func put(_ details: ClickDetails) {
    put(",\"rev\":", details.revision, unless: 1)
    put(",\"rule\":", details.rule, unless: 0)
    put(",\"domain\":", details.domain, unless: 0)
    put(",\"flags\":", UInt32(details.flags.rawValue), unless: 0)
    put(",\"kind\":", UInt32(details.kind.rawValue), unless: 0)
    put(",\"n\":", details.weight, unless: 1)
  }

  private mutating func put(_ key: StaticString, _ value: UInt32, unless standard: UInt32) {
    guard value != standard else { return }
    put(key)
    put(number: UInt64(value))
  }

  /// Writes a number in decimal digits, 20 at most.
  private mutating func put(number: UInt64) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var (start, rest) = (20, number)
      repeat {
        start -= 1
        digits.initializeElement(at: start, to: UInt8(ascii: "0") + UInt8(rest % 10))
        rest /= 10
      } while rest > 0
      if let first = digits.baseAddress { put(first + start, count: 20 - start) }
    }
  }

  mutating func put(time milliseconds: Int64, _ times: inout TimeWriter) {
    times.write(milliseconds, to: end)
    end += RFC3339.length
  }

  /// Writes the content of a JSON string (RFC 8259, section 7), cropped to `limit` bytes of text.
  ///
  /// Nearly all texts need no escape. They are looked at to their end: without a way out of the loop, many
  /// bytes are compared at once.
  mutating func put(escaping text: UnsafeBufferPointer<UInt8>, limit: Int) {
    guard let base = text.baseAddress else { return }
    let count = UTF8Text.cropped(text, to: limit)
    var escapes: UInt8 = 0
    for index in 0..<count { escapes |= Self.escape(base[index]) }
    guard escapes != 0 else { return put(base, count: count) }
    var start = 0
    for index in 0..<count {
      let byte = base[index]
      guard Self.escape(byte) != 0 else { continue }
      put(base + start, count: index - start)
      start = index + 1
      put(escaped: byte)
    }
    put(base + start, count: count - start)
  }

  /// Not 0 for a byte that needs an escape.
  private static func escape(_ byte: UInt8) -> UInt8 {
    (byte < 0x20 ? 1 : 0) | (byte == 0x22 ? 1 : 0) | (byte == 0x5C ? 1 : 0) | (byte == 0x7F ? 1 : 0)
  }

  private mutating func put(escaped byte: UInt8) {
    if byte == 0x22 || byte == 0x5C {
      end[0] = UInt8(ascii: "\\")
      end[1] = byte
      end += 2
      return
    }
    put("\\u00")
    end[0] = UInt8.lowerHexDigit(byte >> 4)
    end[1] = UInt8.lowerHexDigit(byte & 0xF)
    end += 2
  }

  private mutating func put(_ bytes: UnsafePointer<UInt8>, count: Int) {
    memcpy(end, bytes, count)
    end += count
  }
}
