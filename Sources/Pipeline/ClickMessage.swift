package import AMQP
package import Clicks

/// A message from the relay to the consumer: a byte range of one journal.
package struct ClickMessage {
  package static let contentType: StaticString = "application/x-ndjson"
  /// The limit of RELAY_MESSAGE_BYTES: no relay sends a larger message.
  static let maximumBytes = 16 << 20

  package let range: JournalRange
  /// The journal's safe end when the message was published.
  package let confirmed: Int
  package let body: [UInt8]
  package let delivery: UInt64

  package static func headers(_ range: JournalRange, confirmed: Int) -> FieldTable {
    [
      "journal": .text(range.journal.description), "from": .integer(Int64(range.from)),
      "to": .integer(Int64(range.to)), "confirmed": .integer(Int64(confirmed)),
    ]
  }

  /// Nil unless the headers name a range and the body has that length or is empty.
  init?(_ delivery: borrowing Delivery) {
    self.init(
      journal: delivery.text("journal"), from: delivery.integer("from"),
      to: delivery.integer("to"), confirmed: delivery.integer("confirmed"),
      body: delivery.withBody { Array($0) }, delivery: delivery.tag)
  }

  /// The same from the values of the headers, nil for missing ones.
  package init?(
    journal: String?, from: Int64?, to: Int64?, confirmed: Int64?, body: [UInt8], delivery: UInt64
  ) {
    guard let journal = journal.flatMap({ JournalID(hex: $0.utf8) }), let from, let to,
      let range = JournalRange(journal: journal, from: Int(from), to: Int(to)),
      body.isEmpty || body.count == range.count, body.count <= Self.maximumBytes
    else { return nil }
    self.range = range
    self.body = body
    // Without the header no other message is known to be on its way: missing bytes count as lost.
    self.confirmed = confirmed.map { Int($0) } ?? range.from
    self.delivery = delivery
  }
}
