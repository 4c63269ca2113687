/// What a process of the shortener serves (`SHORTENER_ROLE`).
///
/// Each role but `all` has a socket of its own.
package enum ShortenerRole: String, CaseIterable, Sendable {
  /// Redirects on one socket, without look-up workers: it asks PostgreSQL itself.
  case all
  /// Redirects known to its memory or Redis; other requests are handed on.
  case redirects
  /// Redirects that were handed on; it also asks PostgreSQL.
  case lookups
  /// Redirects that nginx retries; each click may be the second of its request.
  case retries

  /// Whether it opens a connection to PostgreSQL at all.
  package var asksPostgreSQL: Bool { self != .redirects }

  /// The valid values of SHORTENER_ROLE.
  ///
  /// In earlier releases the shortener was also the API.
  package static var expectation: String {
    allCases.map(\.rawValue).joined(separator: ", ")
      + "; on shortener-api.sock start the program api instead of shortener"
  }
}
