/// On whose behalf an operation runs.
package enum Caller: Equatable, Sendable {
  /// Somebody without credentials.
  case anyone
  /// Who runs the command line on the server: everything is theirs.
  case `operator`

  package func may(_ permission: Permission) -> Bool {
    switch self {
    case .anyone: permission == .open
    case .operator: true
    }
  }
}
