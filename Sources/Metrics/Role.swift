/// The programs that count, and of the shortener each role.
///
/// The names are those of the slots' files and of the label `program`.
package enum Role: String, CaseIterable, Sendable {
  /// The shortener's redirect workers.
  case shortener
  /// Its look-up workers.
  case lookup
  /// Its API workers.
  case api
  /// Its retry workers.
  case spare
  case analytics
  case relay
  case consumer

  package static let shorteners: [Role] = redirecting + [.api]
  /// Those that answer requests for a short code.
  package static let redirecting: [Role] = [.shortener, .lookup, .spare]
  /// Those that make links.
  package static let creating: [Role] = [.api, .spare]
}
