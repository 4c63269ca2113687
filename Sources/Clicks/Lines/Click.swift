package import Links
import Visitors

/// One answered redirect: what was known about it at that moment.
package struct Click: Equatable, Sendable {
  /// The limit of a kept user agent, in bytes of UTF-8.
  ///
  /// A longer one, and a longer referrer, is cropped before the first character that doesn't fit.
  package static let maximumUserAgentBytes = 512
  package static let maximumReferrerBytes = 1024
  /// The limits of short code and address in a line; a longer one is no click of ours.
  package static let maximumShortCodeBytes = Slug.maximumLength
  package static let maximumAddressBytes = 64
  /// The limit of the first tag of a visitor's `Accept-Language`.
  package static let maximumLanguageBytes = AcceptLanguage.maximumTagBytes

  package let eventID: EventID
  /// The link's name, or the path of a visit without a link.
  package let shortCode: String
  /// The link's id from the line; nil when the code tells it.
  package let linkID: SnowflakeID?
  /// Milliseconds since 1970-01-01T00:00:00Z.
  package let milliseconds: Int64
  package let address: String
  package let userAgent: String
  /// Empty when the client sent none.
  package let referrer: String
  /// The first tag of `Accept-Language`, as it was sent; empty without one.
  package let language: String
  package let details: ClickDetails
  /// Whether the backup pool answered; the first pool may have recorded the same request.
  package var isRetried: Bool

  package init(
    eventID: EventID, shortCode: String, linkID: SnowflakeID? = nil, milliseconds: Int64,
    address: String = "", userAgent: String = "", referrer: String = "", language: String = "",
    details: ClickDetails = ClickDetails(), isRetried: Bool = false
  ) {
    self.eventID = eventID
    self.shortCode = shortCode
    self.linkID = linkID
    self.milliseconds = milliseconds
    self.address = address
    self.userAgent = userAgent
    self.referrer = referrer
    self.language = language
    self.details = details
    self.isRetried = isRetried
  }

  /// The scope that it counts for: that of its kind where it has no link.
  package var scope: Scope { details.kind.scope ?? Scope(link: linkID, name: shortCode.utf8) }
}
