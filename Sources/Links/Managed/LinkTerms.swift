/// All that a link's redirect depends on, but its name, its destination and its state.
package struct LinkTerms: Equatable, Sendable {
  /// Counts the edits of destination and rules, from 1.
  package var revision: UInt32
  /// Whether the visitor's query is added to the destination.
  package var forwardsQuery: Bool
  /// Whether robots may follow the link.
  package var isCrawlable: Bool
  /// Milliseconds since 1970: from when on the link leads anywhere.
  package var validSince: Int64?
  /// Milliseconds since 1970: the first moment at which it doesn't any more.
  package var validUntil: Int64?
  /// Whether its visits are limited in number; PostgreSQL has how many are left.
  package var isLimited: Bool
  package var rules: RedirectRules?

  package init(
    revision: UInt32 = 1, forwardsQuery: Bool = false, isCrawlable: Bool = false,
    validSince: Int64? = nil, validUntil: Int64? = nil, isLimited: Bool = false,
    rules: RedirectRules? = nil
  ) {
    self.revision = revision
    self.forwardsQuery = forwardsQuery
    self.isCrawlable = isCrawlable
    self.validSince = validSince
    self.validUntil = validUntil
    self.isLimited = isLimited
    self.rules = rules
  }

  /// The terms of a link whose redirect depends on its name alone.
  package static let plain = LinkTerms()

  /// Whether a compact record can hold them (`PlainLink`).
  var isPlain: Bool {
    !isCrawlable && validSince == nil && validUntil == nil && !isLimited && rules == nil
  }
}
