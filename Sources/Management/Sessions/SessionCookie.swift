package import Access
package import Service

/// The cookie that has a session's value.
///
/// No script reads it, and no other site's page sends it. Under `https` its name begins with `__Host-`, so no
/// neighbouring host can set one. Under `http` it is a plain one, also for `localhost`: Safari keeps no
/// `Secure` cookie from there, and one form for all browsers is simpler than two.
package struct SessionCookie: Equatable, Sendable {
  private let isSecure: Bool

  /// - Parameter base: Where browsers see the site.
  package init(_ base: BaseURL) {
    isSecure = base.isTLS
  }

  package var name: String { isSecure ? "__Host-swiftlet" : "swiftlet" }

  /// The value of `Set-Cookie` that begins a session.
  ///
  /// - Parameters:
  ///   - value: The session's.
  ///   - seconds: How long the browser keeps it; nil for until it is closed.
  /// - Returns: The cookie with all of its attributes.
  package func line(_ value: Token, keptFor seconds: Int? = nil) -> String {
    line(value.text, seconds)
  }

  /// The value of `Set-Cookie` that takes it away.
  package var removal: String { line("", 0) }

  private func line(_ value: String, _ seconds: Int?) -> String {
    "\(name)=\(value); Path=/" + (isSecure ? "; Secure" : "") + "; HttpOnly; SameSite=Strict"
      + (seconds.map { "; Max-Age=\($0)" } ?? "")
  }
}
