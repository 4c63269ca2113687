/// By what a visitor was led: the link, and the state of it that its click tells of.
struct Led: Sendable {
  /// What a click tells of its link's state.
  struct State: Hashable, Sendable {
    /// The number of its domain; 0 is the default one.
    var domain: UInt32 = 0
    var revision: UInt32 = 1
    /// The rule that applied; 0 for none.
    var rule: UInt32 = 0
  }

  /// The link's id; nil where its code tells it.
  var link: UInt64?
  /// More than one where a retry worker may have seen another state than the first one.
  var states: Set<State> = [State()]
}
