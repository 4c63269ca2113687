/// The exchange and the queues that clicks go through, by name.
package struct ClickTopology: Sendable {
  package let exchange: String
  /// A durable queue with one active consumer at a time; its name is also its routing key.
  package let queue: String
  package let deadExchange: String
  /// The queue for lines that can't be stored; its name is also its routing key.
  package let deadQueue: String

  package init(queue: String = "click_events") {
    exchange = "url_shortener"
    self.queue = queue
    deadExchange = "url_shortener.dead"
    deadQueue = queue + ".dead"
  }
}
