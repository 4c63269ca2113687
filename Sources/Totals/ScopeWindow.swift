import Links

/// A range of ids that is read at once: it moves through all ids of links, and its width follows the number
/// of links that it finds.
struct ScopeWindow: Equatable, Sendable {
  /// A day of ids.
  private static let usualWidth: UInt64 = 86_400_000 << 22
  private static let leastWidth: UInt64 = 1 << 22

  /// The greatest id before it.
  private(set) var start: UInt64 = Scope.firstLink.rawValue - 1
  private var width = usualWidth

  /// The greatest id in it.
  var end: UInt64 { min(start.addingReportingOverflow(width).partialValue, Self.last) }

  /// The greatest id of a link.
  private static let last = Scope.firstName.rawValue - 1

  /// Moves behind what was read.
  ///
  /// - Parameters:
  ///   - end: The greatest id that was read.
  ///   - isFull: Whether that was all that one page has.
  /// - Returns: Whether ids remain.
  mutating func advance(past end: UInt64, isFull: Bool) -> Bool {
    start = end
    width = isFull ? max(width / 2, Self.leastWidth) : min(width * 2, Self.last)
    return start < Self.last
  }

  /// Becomes narrower, because it took too long to read.
  mutating func shrink() {
    width = max(width / 8, Self.leastWidth)
  }
}
