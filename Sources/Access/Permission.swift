/// What an operation asks of its caller.
package enum Permission: Equatable, Sendable {
  /// Nothing: it is for everyone.
  case open
  case read(Subject)
  case edit(Subject)

  /// What people manage.
  package enum Subject: Sendable {
    case shortURLs
  }
}
