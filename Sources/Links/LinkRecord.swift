/// Redis' value for a link's name, in a compact form for redirects.
///
/// | value | means |
/// |---|---|
/// | nothing | there is no link of this name |
/// | `https://…`, `http://…` | a plain link whose id the slug tells |
/// | `=<id>[:<revision>][@<domain>] <url>` | a plain link of that id, revision and domain's number |
/// | `+<id>[:<revision>][@<domain>] <url>` | the same, and the visitor's query is added to the URL |
/// | `!` | the link is disabled or deleted |
/// | `\x01{…}` | a link with other terms or another scheme (`ManagedLink`), for the pool alone |
/// | `?<16 hexadecimal digits>` | a worker asks PostgreSQL, and will write its answer (`CacheLease`) |
///
/// Numbers are decimal digits, without a sign or a leading zero. A revision of 1 and the default
/// domain's number, 0, are left out.
///
/// For the last one, and for any other value, PostgreSQL decides. Its answer may replace only a
/// lease: any other value may be a record of a later release. Earlier releases stored a plain URL.
/// That is still the record of a link named by its id, so both releases read each other's records.
///
/// `nginx-config/swiftlet/lua/link_record.lua` is its twin. `Tests/Examples/link-records.tsv` has
/// the examples that test both.
package enum LinkRecord: Equatable, Sendable {
  case absent
  case plain(PlainLink)
  case managed(ManagedLink)
  case gone

  /// The record of a stored link.
  package init(_ link: Link) {
    if link.state != .enabled {
      self = .gone
    } else if link.terms.isPlain, link.destination.isWeb {
      self = .plain(PlainLink(link))
    } else {
      self = .managed(ManagedLink(link))
    }
  }

  /// Reads a value of Redis; nil for a value that this program can't use.
  package init?(_ value: [UInt8]) {
    switch value.first {
    case nil:
      self = .absent
    case UInt8(ascii: "!") where value.count == 1:
      self = .gone
    case UInt8(ascii: "="), UInt8(ascii: "+"):
      guard let link = PlainLink(numbered: value) else { return nil }
      self = .plain(link)
    case 1:
      guard let link = ManagedLink(record: Array(value.dropFirst())) else { return nil }
      self = .managed(link)
    default:
      guard let destination = DestinationURL(stored: String(decoding: value, as: UTF8.self)) else {
        return nil
      }
      self = .plain(PlainLink(destination))
    }
  }

  /// Whether a value is a lease; a lease is no record, and each is unique.
  package static func isLease(_ value: [UInt8]) -> Bool {
    value.count == 17 && value[0] == UInt8(ascii: "?")
      && value[1...].allSatisfy { digit in
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
      }
  }

  /// The record's value in Redis.
  package var value: String {
    switch self {
    case .absent: ""
    case .gone: "!"
    case .plain(let link): link.record
    case .managed(let link): "\u{1}" + String(decoding: link.record, as: UTF8.self)
    }
  }
}

extension PlainLink {
  /// Reads a record that begins with a mark and the id.
  fileprivate init?(numbered value: [UInt8]) {
    guard let blank = value.firstIndex(of: 0x20),
      let destination = DestinationURL(
        stored: String(decoding: value[(blank + 1)...], as: UTF8.self))
    else { return nil }
    var numbers = value[1..<blank]
    guard let domain = Self.number(after: UInt8(ascii: "@"), in: &numbers, otherwise: 0),
      let revision = Self.number(after: UInt8(ascii: ":"), in: &numbers, otherwise: 1),
      let id = SnowflakeID(decimal: numbers)
    else { return nil }
    self.init(
      destination, id: id, revision: revision, domain: domain,
      forwardsQuery: value[0] == UInt8(ascii: "+"))
  }

  /// Takes a mark and the number after it off the end.
  ///
  /// - Returns: The number, another one without the mark, and nil when the number can't be there.
  private static func number(
    after mark: UInt8, in text: inout ArraySlice<UInt8>, otherwise least: UInt32
  ) -> UInt32? {
    guard let place = text.firstIndex(of: mark) else { return least }
    guard let digits = SnowflakeID(decimal: text[(place + 1)...]),
      let number = Int32(exactly: digits.rawValue), number > least
    else { return nil }
    text = text[..<place]
    return UInt32(number)
  }

  fileprivate var record: String {
    guard let id else { return destination.description }
    let mark = forwardsQuery ? "+" : "="
    let revision = revision == 1 ? "" : ":\(revision)"
    let domain = domain == 0 ? "" : "@\(domain)"
    return "\(mark)\(id.rawValue)\(revision)\(domain) \(destination)"
  }
}
