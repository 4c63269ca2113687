package import Links

/// One redirect that was answered: what is known of it at that moment.
package struct Click: Equatable, Sendable {
  /// Longest user agent and referrer that are kept, in bytes of UTF-8; what is longer is cropped
  /// before the first character that doesn't fit.
  package static let maximumUserAgentBytes = 512
  package static let maximumReferrerBytes = 1024
  /// Longest short code and address a line may carry; a longer one is no click of ours.
  package static let maximumShortCodeBytes = Slug.maximumLength
  package static let maximumAddressBytes = 64

  package let eventID: EventID
  package let shortCode: String
  /// The link's id as the line has it; nil when its code tells it.
  package let linkID: SnowflakeID?
  /// Milliseconds since 1970-01-01T00:00:00Z.
  package let milliseconds: Int64
  package let address: String
  package let userAgent: String
  /// Empty when the client named none.
  package let referrer: String
  /// Whether the backup pool answered: then the first pool may have recorded the same request.
  package let isRetried: Bool

  package init(
    eventID: EventID, shortCode: String, linkID: SnowflakeID? = nil, milliseconds: Int64,
    address: String = "",
    userAgent: String = "", referrer: String = "", isRetried: Bool = false
  ) {
    self.eventID = eventID
    self.shortCode = shortCode
    self.linkID = linkID
    self.milliseconds = milliseconds
    self.address = address
    self.userAgent = userAgent
    self.referrer = referrer
    self.isRetried = isRetried
  }
}
