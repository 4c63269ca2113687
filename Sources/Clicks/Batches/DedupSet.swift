/// The events of retried clicks that are stored or taken in: of each request one click counts.
///
/// nginx retries a request that failed, so both pools may record it. Retry workers mark theirs
/// `retried`, and the set has those only. A second record with such an event is dropped, whichever
/// worker wrote it.
///
/// The set is bounded to two generations: when the young one is full, it replaces the old one. A
/// retry follows its request within seconds, so what is forgotten has no second record to come.
package struct DedupSet {
  /// The default limit of one generation.
  ///
  /// It is more than a batch holds at any setting, so none of a batch's own clicks is forgotten. Each
  /// generation takes 32 MB at most.
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

  /// Takes in an event.
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

  /// Forgets an event whose click is not stored, so that a later record of the request counts.
  package mutating func remove(_ event: EventID) {
    young.remove(event)
    old.remove(event)
  }
}
