package import Links

/// What can be done to a link that is there.
///
/// Each may be done again: the second time changes nothing.
package enum ShortURLChange: Equatable, Sendable {
  /// Lead somewhere else.
  case edit(DestinationURL)
  case disable
  case enable
  /// For good: a deleted link can't be changed any more, and its name stays taken.
  case delete

  /// Whether a link that it left in this state has been changed; a deleted link refuses all but
  /// another deletion.
  package func isMade(of link: Link) -> Bool {
    self == .delete || link.state != .deleted
  }
}
