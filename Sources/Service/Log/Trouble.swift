/// Something that is found again and again, told in the log when it begins, when it has become more
/// or less, and when it is over; never more often than once a minute.
package struct Trouble {
  private static let pauseMilliseconds: Int64 = 60_000

  private var told = 0
  private var toldAt: Int64?

  package init() {}

  /// Takes in how much of it there is now.
  ///
  /// - Parameters:
  ///   - count: 0 for none.
  ///   - now: Milliseconds of a clock that doesn't step.
  /// - Returns: Whether that is to be told.
  package mutating func isNews(_ count: Int, at now: Int64) -> Bool {
    guard count != told else { return false }
    if let toldAt, now < toldAt + Self.pauseMilliseconds { return false }
    told = count
    toldAt = now
    return true
  }
}
