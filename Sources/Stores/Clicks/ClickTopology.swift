package import AMQP

/// The exchange and the queues that clicks go through, by name.
package struct ClickTopology: Sendable {
  package let exchange: String
  /// Durable, with one active consumer at a time; also its routing key.
  package let queue: String
  package let deadExchange: String
  /// For what can't be stored; also its routing key.
  package let deadQueue: String

  package init(queue: String = "click_events") {
    exchange = "url_shortener"
    self.queue = queue
    deadExchange = "url_shortener.dead"
    deadQueue = queue + ".dead"
  }

  /// Declares all of it; what is there already with the same properties stays as it is.
  package func declare(on connection: AMQP.Connection) throws(AMQPError) {
    try connection.declareExchange(exchange)
    try connection.declareExchange(deadExchange)
    try connection.declareQueue(deadQueue)
    try connection.bind(queue: deadQueue, to: deadExchange, routingKey: deadQueue)
    try connection.declareQueue(
      queue,
      arguments: [
        "x-single-active-consumer": .bool(true),
        "x-dead-letter-exchange": .text(deadExchange),
        "x-dead-letter-routing-key": .text(deadQueue),
      ])
    try connection.bind(queue: queue, to: exchange, routingKey: queue)
  }
}
