/// A domain that has links: its host, its number, and where its visitors go without a link.
package struct Domain: Equatable, Sendable {
  /// Empty for the default domain.
  package let authority: String
  /// Of its clicks; 0 for the default domain.
  package let number: UInt32
  package let redirects: NotFoundRedirects

  package init(
    _ authority: String, number: UInt32, redirects: NotFoundRedirects = NotFoundRedirects()
  ) {
    self.authority = authority
    self.number = number
    self.redirects = redirects
  }
}

/// Where visitors go who ask a domain for something that isn't there; nil for nowhere.
package struct NotFoundRedirects: Equatable, Sendable {
  /// For the path `/`.
  package var baseURL: DestinationURL?
  /// For a path that no link can have.
  package var regular404: DestinationURL?
  /// For a name without a link, and a link that leads nowhere now.
  package var invalidShortURL: DestinationURL?

  package init(
    baseURL: DestinationURL? = nil, regular404: DestinationURL? = nil,
    invalidShortURL: DestinationURL? = nil
  ) {
    self.baseURL = baseURL
    self.regular404 = regular404
    self.invalidShortURL = invalidShortURL
  }
}
