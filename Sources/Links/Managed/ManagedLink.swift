import JSON

/// A link whose redirect depends on more than its name, or whose URL is not of the web: as much of it
/// as a redirect needs.
///
/// An object, so that a look-up copies a reference only.
package final class ManagedLink: Sendable {
  package let id: SnowflakeID
  /// The number of its domain; 0 for the default one.
  package let domain: UInt32
  package let destination: DestinationURL
  package let terms: LinkTerms
  /// The bytes of its record, for the bound of what is remembered.
  package let recordBytes: Int

  package init(
    id: SnowflakeID, domain: UInt32 = 0, destination: DestinationURL, terms: LinkTerms
  ) {
    self.id = id
    self.domain = domain
    self.destination = destination
    self.terms = terms
    recordBytes = Self.record(id, domain, destination, terms).count
  }

  /// As much of a stored link.
  package convenience init(_ link: Link) {
    self.init(
      id: link.id, domain: link.domain, destination: link.destination, terms: link.terms)
  }
}

extension ManagedLink: Equatable {
  package static func == (left: ManagedLink, right: ManagedLink) -> Bool {
    left.id == right.id && left.domain == right.domain && left.destination == right.destination
      && left.terms == right.terms
  }
}

// MARK: - Its record

/// An object of JSON with short names. A member that has its default is left out.
///
/// | member | holds |
/// |---|---|
/// | `i` | the id, its digits in a string |
/// | `u` | the destination |
/// | `d` | the domain's number, if it isn't the default domain |
/// | `v` | the revision, if it isn't 1 |
/// | `q`, `c`, `m` | `true`: forwards the query; crawlable; limited in visits |
/// | `s`, `e` | from and until when it is valid, in milliseconds |
/// | `r` | the rules |
extension ManagedLink {
  /// The record without its first byte, which says what it is.
  var record: [UInt8] { Self.record(id, domain, destination, terms) }

  /// Reads a record without its first byte.
  ///
  /// - Returns: Nil when something in it is unknown: a later release may have a reason why the link
  ///   leads elsewhere, or nowhere.
  convenience init?(record: [UInt8]) {
    guard let members = (try? JSONValue(parsing: record))?.object?.members else { return nil }
    var (id, destination): (SnowflakeID?, DestinationURL?) = (nil, nil)
    var domain: UInt32 = 0
    var terms = LinkTerms.plain
    for member in members {
      switch (member.key, member.value) {
      case ("i", .string(let digits)): id = SnowflakeID(decimal: digits.utf8)
      case ("u", .string(let url)): destination = DestinationURL(stored: url, anyScheme: true)
      case ("d", .number(let digits)):
        guard let number = Int32(digits), number > 0 else { return nil }
        domain = UInt32(number)
      case ("v", .number(let digits)):
        guard let number = Int32(digits), number > 1 else { return nil }
        terms.revision = UInt32(number)
      case ("q", .bool(true)): terms.forwardsQuery = true
      case ("c", .bool(true)): terms.isCrawlable = true
      case ("m", .bool(true)): terms.isLimited = true
      case ("s", .number(let digits)):
        guard let time = Int64(digits) else { return nil }
        terms.validSince = time
      case ("e", .number(let digits)):
        guard let time = Int64(digits) else { return nil }
        terms.validUntil = time
      case ("r", let json):
        guard let rules = RedirectRules(json) else { return nil }
        terms.rules = rules
      default: return nil
      }
    }
    guard let id, let destination else { return nil }
    self.init(id: id, domain: domain, destination: destination, terms: terms)
  }

  private static func record(
    _ id: SnowflakeID, _ domain: UInt32, _ destination: DestinationURL, _ terms: LinkTerms
  ) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("i")
    writer.string("\(id.rawValue)")
    writer.key("u")
    writer.string(destination.description)
    write("d", domain == 0 ? nil : Int64(domain), &writer)
    write("v", terms.revision == 1 ? nil : Int64(terms.revision), &writer)
    write("q", if: terms.forwardsQuery, &writer)
    write("c", if: terms.isCrawlable, &writer)
    write("m", if: terms.isLimited, &writer)
    write("s", terms.validSince, &writer)
    write("e", terms.validUntil, &writer)
    if let rules = terms.rules {
      writer.key("r")
      rules.write(to: &writer)
    }
    writer.endObject()
    return writer.bytes
  }

  private static func write(_ key: StaticString, _ number: Int64?, _ writer: inout JSONWriter) {
    guard let number else { return }
    writer.key(key)
    writer.number(number)
  }

  private static func write(_ key: StaticString, if isTrue: Bool, _ writer: inout JSONWriter) {
    guard isTrue else { return }
    writer.key(key)
    writer.bool(true)
  }
}
