package import Links
import Text

/// A parsed line of a journal: fixed values decoded, texts as pointers into the line.
///
/// It must not outlive the line's bytes. The parser runs for every click, and this way it allocates
/// nothing.
package struct ClickLine {
  /// The known members of a line; others are skipped.
  package enum Member: String, CaseIterable, Sendable {
    case eventID = "event_id"
    case shortCode = "short_code"
    case path
    case timestamp
    case address = "ip_address"
    case userAgent = "user_agent"
    case referrer
    case link
    case language = "lang"
    case revision = "rev"
    case rule
    case domain
    case flags
    case kind
    case weight = "n"
    case retried
  }

  /// The latest valid time of a line, in seconds since 1970: what 32 bits hold.
  package static let latestSecond = Int64(UInt32.max)

  package private(set) var eventID = EventID(high: 0, low: 0)
  package private(set) var milliseconds: Int64 = 0
  package private(set) var isRetried = false
  /// The link's name, or the path of a visit without a link.
  package private(set) var shortCode = LineText()
  /// The link's id from the line; nil when the code tells it, or when nobody knew it.
  package private(set) var linkID: SnowflakeID?
  package private(set) var address = LineText()
  package private(set) var userAgent = LineText()
  package private(set) var referrer = LineText()
  package private(set) var language = LineText()
  private var revision: UInt32 = 1
  private var rule: UInt32 = 0
  private var domain: UInt32 = 0
  private var flags = ClickFlags.none
  private var kind = ClickKind.link
  private var weight: UInt32 = 1

  /// Parses one line without its line feed.
  ///
  /// Unknown members are allowed, duplicate known ones are not. Invalid UTF-8 is allowed.
  package init(parsing line: UnsafeBufferPointer<UInt8>) throws(ClickLineError) {
    var scanner = LineScanner(line)
    var seen: UInt16 = 0
    try scanner.expect(UInt8(ascii: "{"))
    if scanner.take(UInt8(ascii: "}")) { throw .missing(.eventID) }
    repeat {
      let key = try scanner.string()
      try scanner.expect(UInt8(ascii: ":"))
      guard let member = Self.member(key) else {
        try scanner.skipValue()
        continue
      }
      let bit = member.bit
      guard seen & bit == 0 else { throw .duplicate(member) }
      seen |= bit
      try take(member, from: &scanner)
    } while scanner.take(UInt8(ascii: ","))
    try scanner.expect(UInt8(ascii: "}"))
    try scanner.expectEnd()
    let name = kind == .link ? Member.shortCode : .path
    for member in [.eventID, name, .timestamp] where seen & member.bit == 0 {
      throw .missing(member)
    }
    let other = kind == .link ? Member.path : .shortCode
    guard seen & other.bit == 0 else { throw .invalid(.kind) }
    // Only a visit without a link may name nothing: one that stands for several.
    guard kind != .link || !shortCode.bytes.isEmpty else { throw .invalid(.shortCode) }
  }

  package var details: ClickDetails {
    ClickDetails(
      revision: revision, rule: rule, domain: domain, flags: flags, kind: kind, weight: weight)
  }

  /// A copy of the line as a value.
  package var click: Click {
    Click(
      eventID: eventID, shortCode: shortCode.string(limit: Click.maximumShortCodeBytes),
      linkID: linkID, milliseconds: milliseconds,
      address: address.string(limit: Click.maximumAddressBytes),
      userAgent: userAgent.string(limit: Click.maximumUserAgentBytes),
      referrer: referrer.string(limit: Click.maximumReferrerBytes),
      language: language.string(limit: Click.maximumLanguageBytes), details: details,
      isRetried: isRetried)
  }

  private mutating func take(
    _ member: Member, from scanner: inout LineScanner
  ) throws(ClickLineError) {
    switch member {
    case .eventID:
      let text = try scanner.string()
      guard let pointer = text.bytes.baseAddress, text.bytes.count == 32,
        let high = UInt64(hexDigitsAt: pointer), let low = UInt64(hexDigitsAt: pointer + 16)
      else { throw .invalid(member) }
      eventID = EventID(high: high, low: low)
    case .shortCode, .path:
      shortCode = try scanner.string()
      guard shortCode.bytes.count <= Click.maximumShortCodeBytes else { throw .invalid(member) }
    case .timestamp:
      guard let time = try scanner.timestamp(), time >= 0, time / 1000 <= Self.latestSecond else {
        throw .invalid(member)
      }
      milliseconds = time
    case .address:
      address = try scanner.stringOrNull()
      guard address.bytes.count <= Click.maximumAddressBytes else { throw .invalid(member) }
    case .link:
      guard let id = SnowflakeID(decimal: try scanner.string().bytes) else {
        throw .invalid(member)
      }
      linkID = id
    case .userAgent: userAgent = try scanner.stringOrNull()
    case .referrer: referrer = try scanner.stringOrNull()
    case .language: language = try scanner.stringOrNull()
    case .revision: revision = try Self.number(member, from: &scanner)
    case .rule: rule = try Self.number(member, from: &scanner)
    case .domain: domain = try Self.number(member, from: &scanner)
    case .flags:
      guard let bits = UInt8(exactly: try Self.number(member, from: &scanner)) else {
        throw .invalid(member)
      }
      flags = ClickFlags(rawValue: bits)
    case .kind:
      let number = UInt8(exactly: try Self.number(member, from: &scanner))
      guard let kind = number.flatMap(ClickKind.init(rawValue:)) else { throw .invalid(member) }
      self.kind = kind
    case .weight:
      weight = try Self.number(member, from: &scanner)
      guard weight > 0 else { throw .invalid(member) }
    case .retried:
      guard let retried = try scanner.bool() else { throw .invalid(member) }
      isRetried = retried
    }
  }

  private static func number(
    _ member: Member, from scanner: inout LineScanner
  ) throws(ClickLineError) -> UInt32 {
    guard let number = try scanner.number() else { throw .invalid(member) }
    return number
  }

  private static func member(_ key: LineText) -> Member? {
    switch key.bytes.count {
    case 1: key.is("n") ? .weight : nil
    case 3: key.is("rev") ? .revision : nil
    case 4:
      key.is("link")
        ? .link
        : key.is("lang")
          ? .language
          : key.is("rule")
            ? .rule : key.is("kind") ? .kind : key.is("path") ? .path : nil
    case 5: key.is("flags") ? .flags : nil
    case 6: key.is("domain") ? .domain : nil
    case 7: key.is("retried") ? .retried : nil
    case 8: key.is("event_id") ? .eventID : key.is("referrer") ? .referrer : nil
    case 9: key.is("timestamp") ? .timestamp : nil
    case 10:
      key.is("short_code")
        ? .shortCode
        : key.is("user_agent") ? .userAgent : key.is("ip_address") ? .address : nil
    default: nil
    }
  }
}

extension ClickLine.Member {
  /// Its bit in the set of members seen.
  fileprivate var bit: UInt16 {
    switch self {
    case .eventID: 1
    case .shortCode: 2
    case .timestamp: 4
    case .address: 8
    case .userAgent: 16
    case .referrer: 32
    case .retried: 64
    case .link: 128
    case .language: 256
    case .revision: 512
    case .rule: 1024
    case .domain: 2048
    case .flags: 4096
    case .kind: 8192
    case .weight: 16384
    case .path: 32768
    }
  }
}
