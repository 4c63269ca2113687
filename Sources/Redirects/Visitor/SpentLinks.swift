import Links

/// A worker's memory of links whose visits were all spent a moment ago.
///
/// A link that many people were sent is asked for long after its last visit. Without this memory
/// each of them would cost PostgreSQL a statement.
///
/// An entry ends by itself before a raised limit must be seen. The table has a fixed size. A link has
/// one place in it, and another link with that place replaces it.
final class SpentLinks {
  /// A change is seen everywhere within a second.
  static let lifetimeMilliseconds: Int64 = 500
  private static let places = 1024

  private var entries: [(link: SnowflakeID, end: Int64)?] = Array(repeating: nil, count: places)

  /// Looks for a link.
  ///
  /// - Parameters:
  ///   - link: The link's id.
  ///   - now: Milliseconds, by a clock that never steps.
  /// - Returns: Whether its visits were all spent a moment ago.
  func contains(_ link: SnowflakeID, at now: Int64) -> Bool {
    guard let entry = entries[Self.place(of: link)], entry.link == link else { return false }
    return now < entry.end
  }

  /// Notes that a link has no visits left.
  ///
  /// - Parameters:
  ///   - link: The link's id.
  ///   - begin: The moment before PostgreSQL was asked.
  func insert(_ link: SnowflakeID, at begin: Int64) {
    entries[Self.place(of: link)] = (link, begin + Self.lifetimeMilliseconds)
  }

  private static func place(of link: SnowflakeID) -> Int {
    Int(UInt(bitPattern: link.hashValue) % UInt(places))
  }
}
