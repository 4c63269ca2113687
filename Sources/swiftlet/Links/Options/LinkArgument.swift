import ArgumentParser
import Links
import Management
import Service

/// The link that an argument names: the slugs that it may mean, in the order in which they are looked up,
/// and its domain.
///
/// An argument is a slug as it stands, or a short URL as people paste it. The URL may lack its scheme, and
/// may have a slash, a query, a fragment or punctuation behind the slug. Its host is a domain of this
/// installation.
struct LinkArgument {
  let slugs: [Slug]
  /// As given; nil for the default one.
  let domain: String?

  /// - Parameters:
  ///   - argument: What was given.
  ///   - domain: The option for the domain; a URL may say the same.
  ///   - installation: Whose links they are.
  ///   - domains: Its domains, if several arguments are read.
  /// - Throws: `ValidationError` for what is neither, and for a URL of a host that is no domain here;
  ///   `StoreError` when PostgreSQL can't tell.
  init(
    _ argument: String, domain: String?, _ installation: Installation,
    _ domains: KnownDomains? = nil
  ) throws {
    let domains = domains ?? KnownDomains(installation)
    let settings = installation.settings
    let text = argument.split { $0.isWhitespace }.first ?? ""
    let lowercased = text.lowercased()
    let scheme = ["https://", "http://"].first(where: lowercased.hasPrefix)
    let rest = text.dropFirst(scheme?.count ?? 0)
    let authority = rest.prefix { !"/?#".contains($0) }
    let path = rest.dropFirst(authority.count)
    let host = BaseURL(isTLS: false, authority: authority)?.host
    let isOwn = host.map(settings.ownHosts.contains) ?? false
    var isURL = isOwn && path.first == "/"
    var visited = domain
    if !isOwn, scheme != nil || path.first == "/" && authority.contains(".") {
      if let host, try domains.contains(host) {
        guard domain == nil || settings.baseURL.domain(named: domain) == host else {
          throw ValidationError("--domain and the URL's host \(host) are different domains")
        }
        (visited, isURL) = (host, true)
      } else if scheme != nil {
        throw ValidationError(
          "\(String(text).printable) is no short URL of this installation, whose host is "
            + "\(settings.baseURL.host); `swiftlet domain list` shows its other domains")
      }
    }
    self.domain = visited
    let name = isURL ? path.dropFirst() : rest
    slugs = Slug.readings(pasted: String(name.prefix { !"?#".contains($0) }))
    guard !slugs.isEmpty else {
      throw ValidationError(
        "a short code has 1 to 255 characters of 0-9, A-Z, a-z, - . _ and ~, and at most one of the "
          + "last four at its end; a short URL begins with \(settings.baseURL)/")
    }
  }
}
