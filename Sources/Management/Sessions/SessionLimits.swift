/// How long sessions and codes last, and how many there are.
package enum SessionLimits {
  /// For how long a session may stay unused, in seconds, unless the browser is to remember it.
  package static let idleSeconds = 12 * 60 * 60
  /// When a session ends at the latest.
  package static let seconds = 30 * 24 * 60 * 60
  /// How many sessions a key has; beyond them the oldest ends.
  package static let count = 50
  /// How long a code is good, in seconds.
  package static let codeSeconds = 10 * 60
  /// How many codes a key has; beyond them the oldest is gone.
  package static let codeCount = 10
  /// How many rows that have ended are removed by one that is added.
  static let swept = 1000
}
