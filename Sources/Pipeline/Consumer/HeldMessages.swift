/// The messages that were delivered to a consumer and not acknowledged, in order of delivery.
struct HeldMessages {
  private var messages: ArraySlice<(delivery: UInt64, bytes: Int, arrivedAt: Int64)> = []
  private(set) var bytes = 0
  /// Since when messages have waited to be stored, in milliseconds since 1970; nil when none do.
  ///
  /// A lost connection doesn't end the wait: the broker delivers the messages again. This reveals a
  /// consumer that loses the broker repeatedly and stores nothing.
  private(set) var waitingSince: Int64?

  /// - Parameter waitingSince: Since when messages of the previous connection have waited.
  init(waitingSince: Int64?) {
    self.waitingSince = waitingSince
  }

  var count: Int { messages.count }

  mutating func add(delivery: UInt64, bytes count: Int, at now: Int64) {
    messages.append((delivery, count, now))
    bytes += count
    waitingSince = waitingSince ?? now
  }

  /// Notes that all messages up to a delivery are stored.
  mutating func settle(upTo delivery: UInt64) {
    while let first = messages.first, first.delivery <= delivery {
      bytes -= first.bytes
      messages.removeFirst()
    }
    waitingSince = messages.first?.arrivedAt
  }

  /// The moment before which everything delivered is stored.
  func storedUntil(now: Int64) -> Int64 { messages.isEmpty ? now : min(waitingSince ?? now, now) }
}
