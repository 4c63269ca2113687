import Text

/// The scope that a click is counted for: a link's id, or a substitute for it.
///
/// | values | meaning |
/// |---|---|
/// | 0 | marks of batches, no clicks |
/// | 1 … 4 | everything, and the kinds of visits without a link: reserved |
/// | 16 … 2²²−1 | domains by number: reserved |
/// | 2²² … 2⁶³−1 | links by id; a Snowflake id is never smaller |
/// | 2⁶³ … | names: clicks that tell no link's id, by the hash of the visited name |
///
/// A click gets a reserved scope only when its line says that it is a visit without a link, whatever id
/// it has.
package struct Scope: RawRepresentable, Hashable, Comparable, Sendable {
  package let rawValue: UInt64

  package init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  package static let marks = Scope(rawValue: 0)
  package static let everything = Scope(rawValue: 1)
  package static let baseURL = Scope(rawValue: 2)
  package static let invalidShortURL = Scope(rawValue: 3)
  package static let regular404 = Scope(rawValue: 4)
  package static let firstDomain = Scope(rawValue: 16)
  package static let firstLink = Scope(rawValue: 1 << 22)
  package static let firstName = Scope(rawValue: 1 << 63)

  /// The scope of a click: its link's id if that can be one, else the scope of its name.
  ///
  /// - Parameters:
  ///   - link: The id in the journal's line; nil when it has none.
  ///   - name: The visited slug.
  package init(link: SnowflakeID?, name: some Collection<UInt8>) {
    self = name.withBytes { Scope(link: link, name: $0) }
  }

  /// The same on the way of every click; it allocates nothing.
  package init(link: SnowflakeID?, name: UnsafeBufferPointer<UInt8>) {
    if let link, link.rawValue >= Int64(Self.firstLink.rawValue) {
      self.init(rawValue: UInt64(link.rawValue))
    } else {
      self.init(name: name)
    }
  }

  /// The scope of a name alone.
  ///
  /// A name that is the Base62 of an id is that link's, if the id is in the range of ids made here.
  /// Shorter Base62 words, such as `promo`, are names that somebody chose. `ClickSQL.scope` is the
  /// same in SQL.
  package init(name: some Collection<UInt8>) {
    self = name.withBytes { Scope(name: $0) }
  }

  /// The same on the way of every click; it allocates nothing.
  package init(name: UnsafeBufferPointer<UInt8>) {
    if Self.lengthsOfIDs.contains(name.count), let id = SnowflakeID(base62: name) {
      self.init(rawValue: UInt64(id.rawValue))
    } else {
      self.init(rawValue: Self.firstName.rawValue | SipHash.hash(name) >> 1)
    }
  }

  /// The lengths of ids made here: from 62⁹ (the year 2024) to the greatest id.
  private static let lengthsOfIDs = 10...11

  package var isLink: Bool { self >= .firstLink && !isName }
  package var isName: Bool { self >= .firstName }

  package static func < (left: Scope, right: Scope) -> Bool { left.rawValue < right.rawValue }
}
