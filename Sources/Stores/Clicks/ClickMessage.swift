import AMQP
import Clicks

/// What travels from the relay to the consumer: a byte range of one journal.
struct ClickMessage {
  static let contentType: StaticString = "application/x-ndjson"

  let range: JournalRange
  /// The journal's end that the broker had for sure when the message was published.
  let confirmed: Int
  let body: [UInt8]
  let delivery: UInt64

  static func headers(_ range: JournalRange, confirmed: Int) -> FieldTable {
    [
      "journal": .text(range.journal.description), "from": .integer(Int64(range.from)),
      "to": .integer(Int64(range.to)), "confirmed": .integer(Int64(confirmed)),
    ]
  }

  /// Nil unless the headers name a range, and the body is of that length or empty.
  init?(_ delivery: borrowing Delivery) {
    guard let journal = delivery.text("journal").flatMap({ JournalID(hex: $0.utf8) }),
      let from = delivery.integer("from"), let to = delivery.integer("to"),
      let range = JournalRange(journal: journal, from: Int(from), to: Int(to))
    else { return nil }
    body = delivery.withBody { Array($0) }
    guard body.isEmpty || body.count == range.count else { return nil }
    self.range = range
    // Without the header nothing is known to be on its way: what is missing counts as lost.
    confirmed = delivery.integer("confirmed").map { Int($0) } ?? range.from
    self.delivery = delivery.tag
  }
}
