/// What a referrer of a drill's clicks is counted as.
enum Referrer {
  /// The host of a URL in lower case, without its port; empty for what is no URL.
  ///
  /// The drills' referrers have no user info, and names for hosts.
  static func host(of referrer: String) -> String {
    let lower = referrer.lowercased()
    guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else { return "" }
    return String(lower.dropFirst(scheme.count).prefix { !"/?#:".contains($0) })
  }
}
