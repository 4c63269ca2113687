/// Why migrations were not applied.
package struct MigrationError: Error, Sendable, CustomStringConvertible {
  package enum Kind: Sendable {
    /// The files are not what they should be, or not what was applied once.
    case files
    /// An engine can't be reached, or another run holds the lock for too long.
    case unavailable
    /// An engine refused a statement.
    case refused
    /// The operator stopped it before the next statement.
    case interrupted
  }

  package let kind: Kind
  package let description: String

  static let interrupted = MigrationError(
    .interrupted, "interrupted: the next run applies the rest")

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
