package import API
package import Access
package import Hashing

/// A session that is to begin.
package struct NewSession: Sendable {
  /// What the cookie gets.
  package let value: Token
  /// Whether it may stay unused, until it ends for good.
  package let isRemembered: Bool
  /// The beginning of the browser's user agent.
  package let browser: String?
  /// Where it comes from.
  package let address: String?
  /// The hash of the value of the session that the browser had.
  package let replaced: SHA256?

  /// - Parameters:
  ///   - client: Who signs in.
  ///   - isRemembered: Whether it may stay unused, until it ends for good.
  package init(of client: Requester = Requester(), isRemembered: Bool = false) {
    value = .random()
    self.isRemembered = isRemembered
    browser = client.browser
    address = client.address
    replaced = client.session?.hash
  }
}
