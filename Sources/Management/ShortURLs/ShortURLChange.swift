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

  /// Whether it is made of a link that is in this state afterwards.
  ///
  /// A deleted link refuses every change but its deletion.
  package func isMade(of link: Link) -> Bool {
    self == .delete || link.state != .deleted
  }
}
