/// Whether a link leads somewhere.
package enum LinkState: String, Equatable, Sendable {
  case enabled
  /// Taken down for now: its redirect is answered by 410, and its clicks are still shown.
  case disabled
  /// Taken down and out of all lists. Its name may be given to another link.
  case deleted
}
