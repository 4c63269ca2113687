/// The classes of advisory locks, the first of two numbers.
///
/// No other locks have two.
enum AdvisoryLock {
  /// Of links to the same URL.
  static let destinations = 1
  /// Of domains that are made.
  static let domains = 2
}
