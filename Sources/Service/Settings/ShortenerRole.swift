/// What a process of the shortener serves (`SHORTENER_ROLE`); each role but `all` has a socket of its
/// own.
package enum ShortenerRole: String, CaseIterable, Sendable {
  /// Everything, on any socket. The configuration of earlier versions names no role: so the programs may
  /// be replaced before it.
  case all
  /// Redirects that its memory or Redis knows; it waits for nothing else and hands the others on.
  case redirects
  /// Redirects that were handed on: it asks PostgreSQL, too.
  case lookups
  /// What may take long and is no redirect: new links, health, metrics.
  case api
  /// Everything, for requests that nginx tries again: each click may be the second of its request.
  case retries

  package var servesRedirects: Bool { self != .api }
  package var servesAPI: Bool { self == .api || self == .retries || self == .all }
  /// Whether it opens a connection to PostgreSQL at all.
  package var asksPostgreSQL: Bool { self != .redirects }
}
