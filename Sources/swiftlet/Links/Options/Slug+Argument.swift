import ArgumentParser
import Links
import Service

extension Slug {
  /// The slugs that an argument may name, in the order in which they are looked up.
  ///
  /// An argument is a slug as it stands, or a short URL as people paste it. The URL may lack its
  /// scheme, and may have a slash, a query, a fragment or punctuation behind the slug.
  ///
  /// - Throws: `ValidationError` for what is neither, and for a URL of another host.
  static func readings(argument: String, _ settings: Settings) throws -> [Slug] {
    let text = argument.split { $0.isWhitespace }.first ?? ""
    let lowercased = text.lowercased()
    let scheme = ["https://", "http://"].first(where: lowercased.hasPrefix)
    let rest = text.dropFirst(scheme?.count ?? 0)
    let authority = rest.prefix { !"/?#".contains($0) }
    let path = rest.dropFirst(authority.count)
    let host = BaseURL(isTLS: false, authority: authority)?.host
    let isOwn = host.map(settings.ownHosts.contains) ?? false
    guard scheme == nil || isOwn else {
      throw ValidationError(
        "\(text) is no short URL of this installation, whose host is \(settings.baseURL.host)")
    }
    let name = isOwn && path.first == "/" ? path.dropFirst() : rest
    let slugs = Slug.readings(pasted: String(name.prefix { !"?#".contains($0) }))
    guard !slugs.isEmpty else {
      throw ValidationError(
        "a short code has 1 to 255 characters of 0-9, A-Z, a-z, - . _ and ~, and at most one of the "
          + "last four at its end; a short URL begins with \(settings.baseURL)/")
    }
    return slugs
  }
}
