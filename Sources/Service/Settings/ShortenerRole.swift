/// What a process of the shortener serves (`SHORTENER_ROLE`); each role but `all` has a socket of its
/// own.
package enum ShortenerRole: String, CaseIterable, Sendable {
  /// Redirects on one socket, without workers for look-ups: it asks PostgreSQL itself.
  case all
  /// Redirects that its memory or Redis knows; it waits for nothing else and hands the others on.
  case redirects
  /// Redirects that were handed on: it asks PostgreSQL, too.
  case lookups
  /// Redirects that nginx tries again: each click may be the second of its request.
  case retries

  /// Whether it opens a connection to PostgreSQL at all.
  package var asksPostgreSQL: Bool { self != .redirects }

  /// What SHORTENER_ROLE should look like.
  ///
  /// The shortener of earlier releases was the API, too.
  package static var expectation: String {
    allCases.map(\.rawValue).joined(separator: ", ")
      + "; on shortener-api.sock start the program api instead of shortener"
  }
}
