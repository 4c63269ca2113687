/// A recurring condition that is logged at most once a minute.
///
/// It is logged when it begins, when its count has changed, and when it is over.
package struct Trouble {
  private static let pauseMilliseconds: Int64 = 60_000

  private var told = 0
  private var toldAt: Int64?

  package init() {}

  /// Notes the present count.
  ///
  /// - Parameters:
  ///   - count: The count; 0 when there is no trouble.
  ///   - now: Milliseconds of a clock that doesn't step.
  /// - Returns: Whether to log it.
  package mutating func isNews(_ count: Int, at now: Int64) -> Bool {
    guard count != told else { return false }
    if let toldAt, now < toldAt + Self.pauseMilliseconds { return false }
    told = count
    toldAt = now
    return true
  }
}
