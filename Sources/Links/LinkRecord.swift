import Text

/// What Redis keeps under a link's name, in the compact form that redirects are answered from.
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
/// For the last two, and for any other value, PostgreSQL decides. Its answer may replace a lease and
/// nothing else: any other value may be a record of a later release. Before ids stood here a value was a
/// plain URL, and still is for every link that is named by its id: both releases read each other's.
///
/// The twin is `nginx-config/swiftlet/lua/link_record.lua`; `Tests/Examples/link-records.tsv` has
/// examples that both are tested with.
package enum LinkRecord: Equatable, Sendable {
  case absent
  case plain(PlainLink)
  case gone

  /// What redirects need of a stored link.
  package init(_ link: Link) {
    self = link.state == .enabled ? .plain(PlainLink(link)) : .gone
  }

  /// Reads a value of Redis; nil for one that says nothing to this program.
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

  /// Whether a value is a lease: of no record, and never the same twice.
  package static func isLease(_ value: [UInt8]) -> Bool {
    value.count == 17 && value[0] == UInt8(ascii: "?")
      && value[1...].allSatisfy { digit in
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
      }
  }

  /// The value that stands for it in Redis.
  package var value: String {
    switch self {
    case .absent: ""
    case .gone: "!"
    case .plain(let link):
      link.id.map { "=\($0.rawValue) \(link.destination)" } ?? link.destination.description
    }
  }
}
