/// What the clients of a drill ask for.
enum RequestKind: String, CaseIterable {
  /// One of two links that the workers know from before.
  case warm
  /// A link with rules, a name of its own, another domain, dates, or one that passes queries on.
  case managed
  /// A link that an operator edits meanwhile.
  case edited
  /// A link of few visits, until none is left and a little longer.
  case limited
  /// A link that was made before the drill and that nobody has visited.
  case cold
  /// A code that no link has: another one each time, and one again and again.
  case unknown
  /// A click that both pools may record, as when nginx asks the backup pool, too.
  case retried

  /// How many clients share a rate: one that waits for an answer asks for nothing meanwhile.
  func clients(at rate: Int) -> Int {
    switch self {
    case .warm: 8
    // Some at once meet at the last visit.
    case .limited: 4
    case .managed, .edited, .cold, .unknown, .retried: min(8, 1 + rate / 25)
    }
  }
}
