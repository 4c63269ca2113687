/// Times as RFC 3339 writes them, by integer arithmetic on the proleptic Gregorian calendar.
///
/// https://www.rfc-editor.org/rfc/rfc3339.html
package enum RFC3339 {
  /// The last millisecond of the year 9999, the latest that four digits can name.
  package static let latest: Int64 = 253_402_300_799_999

  /// Bytes of a time with milliseconds: `2026-11-22T19:49:00.123Z`.
  package static let length = 24

  /// Writes a time in UTC with milliseconds, clamped to the years 1970…9999.
  ///
  /// - Parameters:
  ///   - milliseconds: Since 1970-01-01T00:00:00Z.
  ///   - out: Room for `length` bytes, or for four less without the milliseconds.
  ///   - withMilliseconds: Whether `.123` is written.
  package static func write(
    _ milliseconds: Int64, to out: UnsafeMutablePointer<UInt8>, withMilliseconds: Bool
  ) {
    let time = Int(min(max(milliseconds, 0), latest))
    let date = CivilDate(dayNumber: time / 86_400_000)
    let second = time / 1000 % 86_400
    put(date.year, digits: 4, to: out)
    out[4] = UInt8(ascii: "-")
    put(date.month, digits: 2, to: out + 5)
    out[7] = UInt8(ascii: "-")
    put(date.day, digits: 2, to: out + 8)
    out[10] = UInt8(ascii: "T")
    put(second / 3600, digits: 2, to: out + 11)
    out[13] = UInt8(ascii: ":")
    put(second / 60 % 60, digits: 2, to: out + 14)
    out[16] = UInt8(ascii: ":")
    put(second % 60, digits: 2, to: out + 17)
    guard withMilliseconds else {
      out[19] = UInt8(ascii: "Z")
      return
    }
    out[19] = UInt8(ascii: ".")
    put(time % 1000, digits: 3, to: out + 20)
    out[23] = UInt8(ascii: "Z")
  }

  /// A time to the second: `2026-11-22T19:49:00Z`.
  package static func string(seconds: Int64) -> String {
    String(unsafeUninitializedCapacity: length - 4) { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      write(min(max(seconds, 0), latest / 1000) * 1000, to: base, withMilliseconds: false)
      return length - 4
    }
  }

  /// A time with milliseconds: `2026-11-22T19:49:00.123Z`.
  package static func string(milliseconds: Int64) -> String {
    String(unsafeUninitializedCapacity: length) { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      write(milliseconds, to: base, withMilliseconds: true)
      return length
    }
  }

  /// Reads a time; any offset and any number of decimals, of which the first three count.
  ///
  /// - Returns: Milliseconds since 1970; nil when it isn't one of RFC 3339's times.
  package static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard text.count >= 20, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      text[10] | 0x20 == UInt8(ascii: "t"), text[13] == UInt8(ascii: ":"),
      text[16] == UInt8(ascii: ":"),
      let year = number(text, 0..<4), let month = number(text, 5..<7),
      let day = number(text, 8..<10), let hour = number(text, 11..<13),
      let minute = number(text, 14..<16), let second = number(text, 17..<19),
      (1...12).contains(month), day >= 1, day <= days(in: month, of: year),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    var index = 19
    var fraction = 0
    if text[index] == UInt8(ascii: ".") {
      index += 1
      let start = index
      var scale = 100
      while index < text.count, let digit = number(text, index..<index + 1) {
        fraction += digit * scale
        scale /= 10
        index += 1
      }
      guard index > start else { return nil }
    }
    guard let offset = offset(text, from: index) else { return nil }
    let days = CivilDate.dayNumber(year: year, month: month, day: day)
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + min(second, 59) - offset
    return Int64(seconds) * 1000 + Int64(fraction)
  }

  /// `Z` or `±hh:mm`, which must be the end of the text; in seconds.
  private static func offset(_ text: UnsafeBufferPointer<UInt8>, from index: Int) -> Int? {
    guard index < text.count else { return nil }
    if text[index] | 0x20 == UInt8(ascii: "z") { return index + 1 == text.count ? 0 : nil }
    guard index + 6 == text.count, text[index + 3] == UInt8(ascii: ":"),
      let hours = number(text, index + 1..<index + 3), hours < 24,
      let minutes = number(text, index + 4..<index + 6), minutes < 60
    else { return nil }
    switch text[index] {
    case UInt8(ascii: "+"): return hours * 3600 + minutes * 60
    case UInt8(ascii: "-"): return -(hours * 3600 + minutes * 60)
    default: return nil
    }
  }

  private static func number(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
    var value = 0
    for index in range {
      let digit = text[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }

  private static func put(_ value: Int, digits: Int, to out: UnsafeMutablePointer<UInt8>) {
    var rest = value
    for place in stride(from: digits - 1, through: 0, by: -1) {
      out[place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
