/// Whether a link leads somewhere.
package enum LinkState: String, Equatable, Sendable {
  case enabled
  /// Taken down for now: its redirect is answered by 410, and its clicks are still shown.
  case disabled
  /// Taken down for good. Its name stays taken.
  case deleted
}
