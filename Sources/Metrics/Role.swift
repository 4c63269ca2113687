/// The programs that count; the two pools of the shortener are told apart.
///
/// The names are those of supervisord's programs, of the slots' files and of the label `program`.
package enum Role: String, CaseIterable, Sendable {
  case shortener
  /// The shortener's pool for second tries.
  case spare
  case analytics
  case relay
  case consumer

  /// Those that answer redirects and make links.
  package static let shorteners: [Role] = [.shortener, .spare]
}
