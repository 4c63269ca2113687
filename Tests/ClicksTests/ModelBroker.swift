import Clicks
import TestSupport

/// A broker's queue as far as the click path relies on it: order, confirms, redelivery, and what a
/// crash may take.
struct ModelBroker {
  struct Message {
    let range: JournalRange
    let confirmedEnd: Int
    let body: [UInt8]
    let tag: UInt64
    let channel: Int
  }

  /// Sent by the relay and not yet taken in, in order.
  private var wire: [Message] = []
  private var queue: [Message] = []
  private(set) var unacknowledged: [(delivery: UInt64, message: Message)] = []
  /// In the queue, and the relay not told yet.
  private var owed: Set<UInt64> = []
  private var told: Set<UInt64> = []
  private var channel = 0
  private var nextTag: UInt64 = 1
  private var nextDelivery: UInt64 = 1
  private(set) var refusals = 0
  private(set) var lostInCrash = 0
  private(set) var redeliveries = 0

  var isIdle: Bool { wire.isEmpty && queue.isEmpty && unacknowledged.isEmpty && owed.isEmpty }

  /// Whether another message with the last byte of this range is there.
  func holds(_ range: JournalRange) -> Bool {
    (queue + unacknowledged.map(\.message)).contains {
      $0.range.journal == range.journal && $0.range.from < range.to && $0.range.to >= range.to
    }
  }

  mutating func publish(_ range: JournalRange, confirmedEnd: Int, body: [UInt8]) {
    wire.append(
      Message(
        range: range, confirmedEnd: confirmedEnd, body: body, tag: nextTag, channel: channel))
    nextTag += 1
  }

  /// Takes the first message from the wire.
  ///
  /// - Returns: Whether it was refused (basic.nack).
  mutating func takeIn(refusing: Bool) -> Bool {
    guard !wire.isEmpty else { return false }
    let message = wire.removeFirst()
    if refusing {
      refusals += 1
      return true
    }
    queue.append(message)
    if message.channel == channel { owed.insert(message.tag) }
    return false
  }

  /// A confirm the relay is owed, one or all up to one.
  mutating func confirm(
    using random: inout SplitMix64
  ) -> (tag: UInt64, multiple: Bool)? {
    guard let tag = owed.sorted().randomElement(using: &random) else { return nil }
    let first = (owed.union(wire.filter { $0.channel == channel }.map(\.tag))).min() ?? tag
    let canBeMultiple = (first...tag).allSatisfy { owed.contains($0) || told.contains($0) }
    if canBeMultiple, Bool.random(using: &random) {
      for confirmed in owed where confirmed <= tag { told.insert(confirmed) }
      owed = owed.filter { $0 > tag }
      return (tag, true)
    }
    owed.remove(tag)
    told.insert(tag)
    return (tag, false)
  }

  /// The relay's connection ends: of what is on the wire a part arrives.
  mutating func loseRelay(arriving count: Int) {
    for _ in 0..<min(count, wire.count) { _ = takeIn(refusing: false) }
    wire.removeAll()
    owed.removeAll()
    told.removeAll()
    channel += 1
    nextTag = 1
  }

  mutating func deliver() -> (delivery: UInt64, message: Message)? {
    guard !queue.isEmpty else { return nil }
    let message = queue.removeFirst()
    unacknowledged.append((nextDelivery, message))
    nextDelivery += 1
    return unacknowledged.last
  }

  mutating func acknowledge(upTo delivery: UInt64) -> [Message] {
    let done = unacknowledged.filter { $0.delivery <= delivery }.map(\.message)
    unacknowledged.removeAll { $0.delivery <= delivery }
    return done
  }

  mutating func loseConsumer() {
    redeliveries += unacknowledged.count
    queue.insert(contentsOf: unacknowledged.map(\.message), at: 0)
    unacknowledged.removeAll()
    nextDelivery = 1
  }

  /// The broker dies: messages whose confirm nobody was sent may be lost, any of them.
  mutating func crash(using random: inout SplitMix64) {
    loseConsumer()
    let unsure = owed
    let here = channel
    let before = queue.count
    queue.removeAll { message in
      message.channel == here && unsure.contains(message.tag) && Bool.random(using: &random)
    }
    lostInCrash += before - queue.count
    wire.removeAll()
    loseRelay(arriving: 0)
  }
}
