/// A message of the broker that answers no request.
package enum Event: ~Copyable {
  /// basic.deliver
  case delivered(Delivery)
  /// basic.ack: the broker has the message of this number, and all before it if `multiple`.
  case confirmed(UInt64, multiple: Bool)
  /// basic.nack: the broker lost the message.
  case refused(UInt64, multiple: Bool)
  /// basic.return: there is no queue for a message; AMQP's reply code.
  case returned(code: Int)
  /// connection.blocked: nothing should be published until `unblocked`.
  case blocked(reason: String)
  case unblocked
}
