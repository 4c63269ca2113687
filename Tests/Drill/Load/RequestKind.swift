/// What the clients of a drill ask for.
enum RequestKind: String, CaseIterable {
  /// One of two links that the workers know from before.
  case warm
  /// A link that was made before the drill and that nobody has visited.
  case cold
  /// A code that no link has: another one each time, and one again and again.
  case unknown
  /// A click that both pools may record, as when nginx asks the backup pool, too.
  case retried
}
