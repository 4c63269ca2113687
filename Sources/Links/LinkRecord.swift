import Text

/// Redis' value for a link's name, in a compact form for redirects.
///
/// | value | means |
/// |---|---|
/// | nothing | there is no link of this name |
/// | `https://…`, `http://…` | a plain link whose id the slug tells |
/// | `=<id> <url>` | a plain link of that id: decimal digits, no sign, no leading zero |
/// | `!` | the link is disabled or deleted |
/// | `?<16 hexadecimal digits>` | a worker asks PostgreSQL, and will write its answer (`CacheLease`) |
/// | `\x01…` | a link with rules, for the pool alone; no program reads one yet |
///
/// For the last two, and for any other value, PostgreSQL decides. Its answer may replace only a
/// lease: any other value may be a record of a later release. Earlier releases stored a plain URL.
/// That is still the record of every link named by its id, so both releases read each other's
/// records.
///
/// `nginx-config/swiftlet/lua/link_record.lua` is its twin. `Tests/Examples/link-records.tsv` has
/// the examples that test both.
package enum LinkRecord: Equatable, Sendable {
  case absent
  case plain(PlainLink)
  case gone

  /// The record of a stored link.
  package init(_ link: Link) {
    self = link.state == .enabled ? .plain(PlainLink(link)) : .gone
  }

  /// Reads a value of Redis; nil for a value that this program can't use.
  package init?(_ value: [UInt8]) {
    switch value.first {
    case nil:
      self = .absent
    case UInt8(ascii: "!") where value.count == 1:
      self = .gone
    case UInt8(ascii: "="):
      guard let blank = value.firstIndex(of: 0x20), let id = SnowflakeID(decimal: value[1..<blank]),
        let destination = DestinationURL(
          stored: String(decoding: value[(blank + 1)...], as: UTF8.self))
      else { return nil }
      self = .plain(PlainLink(destination, id: id))
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
    case .plain(let link):
      link.id.map { "=\($0.rawValue) \(link.destination)" } ?? link.destination.description
    }
  }
}
