package import API
package import Destinations
package import Links

/// The input of an edit of a domain's redirects: each is kept, set or cleared.
package struct DomainRedirectsEdition: Equatable, Sendable {
  /// The domain as given.
  package var domain = ""
  package var baseURL: Change<DestinationURL> = .keep
  package var regular404: Change<DestinationURL> = .keep
  package var invalidShortURL: Change<DestinationURL> = .keep

  /// The limit of a URL: every worker remembers those of all domains.
  package static let longestURL = 1024

  private static func target(_ ownHosts: OwnHosts) -> FieldType<DestinationURL> {
    .destination(ownHosts, atMost: longestURL)
  }

  package init(from reader: inout InputReader, _ ownHosts: OwnHosts) {
    domain = reader.required(
      "domain", .string(atMost: ShortURLName.longestDomain, sample: "go.example.com"),
      "The domain; one that nobody has is made.")
    if domain.allSatisfy(\.isWhitespace) { reader.refuse("domain", "must be the name of a host") }
    baseURL = reader.change(
      "baseUrlRedirect", Self.target(ownHosts), clears: true,
      "For the domain itself, without a path; null takes it away.")
    regular404 = reader.change(
      "regular404Redirect", Self.target(ownHosts), clears: true,
      "For a path that no link can have; null takes it away.")
    invalidShortURL = reader.change(
      "invalidShortUrlRedirect", Self.target(ownHosts), clears: true,
      "For a name that no link has; null takes it away.")
  }
}
