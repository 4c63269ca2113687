import Foundation

/// All that is known of a drill's clicks when it is over.
struct Evidence {
  /// Redirects that arrived, by the id that the client saw.
  var answered: [String: Oracle.Expected] = [:]
  /// When each was asked for and answered; none for a click that no client asked for.
  var times: [String: Oracle.Span] = [:]
  /// Requests for links that got no redirect: each may have been recorded, under an id that its
  /// client has not seen.
  var unanswered: [Oracle.Expected] = []
  var stored: [StoredClick] = []
  /// What clicks of each code are counted for; a code that isn't there may be counted for anything.
  var scopes: [String: UInt64] = [:]
  /// By what each answered redirect was led, by its id; none for a click that no client asked for.
  var led: [String: Led] = [:]
  /// The last batch of the release before, whose rows tell no state of their link.
  var lastOldBatch: UInt64 = 0
  /// The ids of clicks that a worker could not write, once for each try.
  var dropped: [String] = []
  /// What the workers' counter says of the same tries.
  var counted = 0
  /// When the power was cut.
  var powerCuts: [Date] = []
  /// How many seconds the workers' clocks may have been off, either way.
  var clockOff = 0.0
}
