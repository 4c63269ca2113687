import Links
import Text

/// The valid form of a setting's value.
package enum SettingForm: Sendable {
  /// One line.
  case text
  case integer(ClosedRange<Int>)
  case choice([String])
  /// A URL; only its scheme is checked here, its parts by the wrapper that connects with it.
  case url(schemes: [String], form: String)
  /// A login of PostgreSQL, or nothing; only how it begins is checked here, the rest by libpq.
  case dsn
  /// See `BaseURL`.
  case baseURL
  /// Names or addresses, separated by commas or blanks.
  case hosts
  /// Patterns of addresses, separated by commas or blanks.
  case addresses
  /// Addresses and CIDR blocks, separated by commas or blanks.
  case networks
  /// The name of a parameter of a query, or of a header.
  case parameter
  /// Origins of web pages, separated by commas or blanks.
  case origins
  /// The same, or `*` for every page.
  case originsOrAny
  /// A name or a path that can be quoted in configuration files.
  case quotable
  /// An API key, or nothing; it is a secret.
  case apiKey
  /// Addresses to write to or to call, separated by commas or blanks.
  case contacts
  /// A time by RFC 3339 in UTC.
  case time
  /// Words of nginx's configuration outside quotes.
  case nginxWords

  /// The valid form, if the value doesn't have it; nil if it does.
  package func expectation(for value: String) -> String? {
    switch self {
    case .integer(let range):
      guard let integer = Int(value), range.contains(integer) else {
        return "a whole number from \(range.lowerBound) to \(range.upperBound)"
      }
    case .choice(let choices):
      guard choices.contains(value) else { return "one of " + choices.joined(separator: ", ") }
    case .url(let schemes, let form):
      guard schemes.contains(where: { value.hasPrefix($0 + "://") && value.count > $0.count + 3 })
      else { return form }
    case .dsn:
      guard Self.beginsAsDSN(value) else { return Self.dsnForm }
    case .baseURL:
      if BaseURL(value) == nil { return BaseURL.form }
    case .origins:
      guard Self.areOrigins(value) else {
        return "origins like https://app.example, with blanks between"
      }
    case .originsOrAny:
      guard value == Self.anyOrigin || Self.areOrigins(value) else {
        return "*, or origins like https://app.example with blanks between"
      }
    case .quotable:
      guard !value.utf8.contains(where: "\"'\\;$`".utf8.contains) else {
        return "without quotes, backslashes, semicolons and dollar signs"
      }
    case .nginxWords:
      guard value.utf8.contains(where: { $0 != UInt8(ascii: " ") }),
        value.utf8.allSatisfy({ Self.isNameByte($0) || "[]:/=*_ ".utf8.contains($0) })
      else {
        return "words of letters, digits and . - _ : / = * [ ]"
      }
    case .apiKey:
      guard
        value.isEmpty
          || (16...128).contains(value.utf8.count)
            && value.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
      else { return "16 to 128 visible ASCII characters" }
    case .addresses:
      let patterns = Self.words(value)
      guard patterns.count <= AddressPattern.maximumCount,
        patterns.allSatisfy({ AddressPattern($0) != nil })
      else {
        return "at most \(AddressPattern.maximumCount) addresses like 192.0.2.7, 10.0.0.0/8 or "
          + "192.0.*.*, with commas between"
      }
    case .networks:
      guard Self.words(value).allSatisfy({ !$0.contains("*") && AddressPattern($0) != nil }) else {
        return
          "addresses or blocks like 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32, with commas between"
      }
    case .parameter:
      guard value.utf8.count <= 64,
        value.utf8.allSatisfy({ Self.isNameByte($0) || $0 == UInt8(ascii: "_") })
      else { return "at most 64 letters, digits and . - _" }
    case .contacts:
      guard Self.words(value).allSatisfy(Self.isContact) else {
        return "addresses like mailto:security@example.com or https://example.com/report"
      }
    case .time:
      guard value.hasSuffix("Z"), Array(value.utf8).withUnsafeBufferPointer(RFC3339.parse) != nil
      else { return "a time like 2027-06-30T00:00:00Z" }
    case .text, .hosts: break
    }
    return value.utf8.contains { $0 < 0x20 || $0 == 0x7F }
      ? "one line without control characters" : nil
  }

  /// What is expected of a login of PostgreSQL.
  package static let dsnForm =
    "postgresql://user@host/database, or words like host=db.example dbname=swiftlet"

  /// Whether it begins as libpq's URIs do, or its words; a bare name would be a database's.
  private static func beginsAsDSN(_ value: String) -> Bool {
    if value.isEmpty { return true }
    if ["postgresql://", "postgres://"].contains(where: { value.hasPrefix($0) }) { return true }
    let key = value.drop { $0 == " " }.prefix { $0 != " " && $0 != "=" }
    let rest = value.drop { $0 == " " }.dropFirst(key.count).drop { $0 == " " }
    return !key.isEmpty && rest.first == "="
  }

  /// The words of a list.
  static func words(_ value: String) -> [String] {
    value.split { $0 == "," || $0 == " " }.map(String.init)
  }

  /// The word for every origin.
  package static let anyOrigin = "*"

  private static func areOrigins(_ value: String) -> Bool {
    words(value).allSatisfy(isOrigin)
  }

  /// Whether it is `http(s)://host[:port]` in the form that browsers send in `Origin`.
  private static func isOrigin(_ word: String) -> Bool {
    for scheme in ["https://", "http://"] where word.hasPrefix(scheme) {
      let parts = word.utf8.dropFirst(scheme.utf8.count)
        .split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
      guard let host = parts.first, !host.isEmpty, host.allSatisfy(isNameByte) else {
        return false
      }
      guard parts.count == 2 else { return true }
      return (1...5).contains(parts[1].count) && parts[1].allSatisfy(isDigit)
    }
    return false
  }

  private static func isContact(_ word: String) -> Bool {
    let isURL = ["mailto:", "https://", "tel:"].contains {
      word.hasPrefix($0) && word.utf8.count > $0.utf8.count
    }
    return isURL && word.utf8.allSatisfy { isNameByte($0) || "!#%&()*+/:=?@_~[]".utf8.contains($0) }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
