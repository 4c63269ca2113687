/// The events of the last clicks of the backup pool, within a bound.
///
/// Two generations: when the young one is full it becomes the old one, which is forgotten. The
/// second try of a request comes within seconds of the first, so that what is forgotten can't come.
package struct RecentEvents {
  private var young: Set<EventID> = []
  private var old: Set<EventID> = []
  private let limit: Int

  /// - Parameter limit: Most events in one generation.
  package init(limit: Int = 500_000) {
    self.limit = limit
  }

  package var count: Int { young.count + old.count }

  package func contains(_ event: EventID) -> Bool {
    (!young.isEmpty && young.contains(event)) || (!old.isEmpty && old.contains(event))
  }

  package mutating func insert(_ event: EventID) {
    if young.count >= limit {
      old = young
      young = []
    }
    young.insert(event)
  }
}
