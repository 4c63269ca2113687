extension Click {
  /// Appends the click to a buffer as one line of a journal: a JSON object and a line feed.
  ///
  /// It is called on the way of every redirect: with room in the buffer nothing is allocated.
  /// Contract: `{"event_id","short_code","timestamp","ip_address","user_agent","referrer"}`, and
  /// `"retried":true` from the spare pool.
  package borrowing func appendLine(to line: inout [UInt8]) {
    line.append(literal: "{\"event_id\":\"")
    line.append(count: 32) { digits in
      eventID.high.writeHexDigits(to: digits, at: 0)
      eventID.low.writeHexDigits(to: digits, at: 16)
    }
    line.append(literal: "\",\"short_code\":\"")
    line.append(escaping: shortCode, limit: Self.maximumShortCodeBytes)
    line.append(literal: "\",\"timestamp\":\"")
    line.append(count: RFC3339.length) { time in
      guard let base = time.baseAddress else { return }
      RFC3339.write(milliseconds, to: base, withMilliseconds: true)
    }
    line.append(literal: "\",\"ip_address\":\"")
    line.append(escaping: address, limit: Self.maximumAddressBytes)
    line.append(literal: "\",\"user_agent\":\"")
    line.append(escaping: userAgent, limit: Self.maximumUserAgentBytes)
    line.append(literal: "\",\"referrer\":\"")
    line.append(escaping: referrer, limit: Self.maximumReferrerBytes)
    line.append(literal: isRetried ? "\",\"retried\":true}\n" : "\"}\n")
  }
}

extension [UInt8] {
  fileprivate mutating func append(literal: StaticString) {
    append(
      contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  fileprivate mutating func append(
    count: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { buffer in
      buffer.initialize(repeating: 0)
      fill(buffer)
      append(contentsOf: UnsafeBufferPointer(buffer))
    }
  }

  /// Appends the inside of a JSON string (RFC 8259, section 7), cropped to `limit` bytes of text.
  fileprivate mutating func append(escaping string: String, limit: Int) {
    var string = string
    string.withUTF8 { text in
      let text = UnsafeBufferPointer(rebasing: text.prefix(UTF8Text.cropped(text, to: limit)))
      var start = 0
      for index in text.indices {
        let byte = text[index]
        guard byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F else { continue }
        append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
        start = index + 1
        append(UInt8(ascii: "\\"))
        if byte == 0x22 || byte == 0x5C {
          append(byte)
        } else {
          append(literal: "u00")
          append(UInt8(ascii: "0") + byte >> 4)
          let nibble = byte & 0xF
          append(nibble + (nibble < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10))
        }
      }
      append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }
  }
}
