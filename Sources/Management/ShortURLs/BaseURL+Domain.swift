package import Service

extension BaseURL {
  /// Shlink's word for the default domain.
  static let defaultDomain = "DEFAULT"

  /// The domain that a request names: a host in lower case.
  ///
  /// - Parameter text: A host, perhaps with this URL's port; all servers answer there.
  /// - Returns: Empty for the default domain, which has several names; nil for what no domain is called.
  package func domain(named text: String?) -> String? {
    guard let text, !text.isEmpty, text.lowercased() != Self.defaultDomain.lowercased() else {
      return ""
    }
    guard let named = BaseURL(isTLS: isTLS, authority: text[...]),
      named.port == nil || named.port == port
    else { return nil }
    if isOwn(named.host) { return "" }
    // An address has no links of its own: anybody's host may have it.
    let last = named.host.utf8.split(separator: UInt8(ascii: ".")).last ?? []
    return named.host.hasPrefix("[") || last.allSatisfy({ (0x30...0x39).contains($0) })
      ? nil : named.host
  }
}
