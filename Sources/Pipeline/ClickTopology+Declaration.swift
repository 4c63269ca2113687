package import AMQP
package import Clicks

extension ClickTopology {
  /// Declares the exchange and the queues; existing ones with the same properties stay as they are.
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
