/// The events of retried clicks that are stored or in a batch: one click counts for each request.
///
/// nginx retries a failed request, so both pools may record it. Retry workers mark their clicks
/// `retried`, and only those are in the set. A second record with such an event is dropped,
/// whichever worker wrote it.
///
/// The set is bounded to two generations: when the young one is full, it replaces the old one. A
/// retry follows its request within seconds, so no second record of a forgotten event will come.
package struct DedupSet {
  /// The default limit of one generation.
  ///
  /// It exceeds any batch, so none of a batch's own clicks is forgotten. Each generation takes 32
  /// MB at most.
  package static let generationLimit = 1_000_000

  private var young: Set<EventID> = []
  private var old: Set<EventID> = []
  private let limit: Int

  /// - Parameter limit: The limit of events in one generation.
  package init(limit: Int = generationLimit) {
    self.limit = limit
  }

  package var count: Int { young.count + old.count }

  package func contains(_ event: EventID) -> Bool {
    (!young.isEmpty && young.contains(event)) || (!old.isEmpty && old.contains(event))
  }

  /// Adds an event.
  ///
  /// - Returns: False when the set has it.
  @discardableResult
  package mutating func insert(_ event: EventID) -> Bool {
    guard !contains(event) else { return false }
    if young.count >= limit {
      old = young
      young = []
    }
    young.insert(event)
    return true
  }

  /// Removes an event whose click is not stored, so that a later record of the request counts.
  package mutating func remove(_ event: EventID) {
    young.remove(event)
    old.remove(event)
  }
}
