import ArgumentParser
import Links
import Service

extension ShortCode {
  /// A code as it stands, or in a short URL as people paste it: with or without its scheme, with a
  /// slash, a query, a fragment or punctuation behind the code.
  ///
  /// - Throws: `ValidationError` for what is neither, and for a URL of another host.
  init(argument: String, _ settings: Settings) throws {
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
    guard let code = ShortCode(pasted: String(name.prefix { !"?#".contains($0) })) else {
      throw ValidationError(
        "a short code has 1 to 32 characters of 0-9, A-Z and a-z; a short URL begins with "
          + "\(settings.baseURL)/")
    }
    self = code
  }
}
