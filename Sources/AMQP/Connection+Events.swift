internal import CRabbitMQ
internal import Glibc

extension Connection {
  /// The broker's next event; meanwhile heartbeats are sent and checked.
  ///
  /// The C functions: `amqp_simple_wait_frame_noblock`, `amqp_read_message`.
  ///
  /// - Parameter milliseconds: How long to wait; 0 doesn't wait.
  /// - Returns: Nil when nothing came in that time.
  /// - Throws: When the broker closed or is silent.
  package func nextEvent(waiting milliseconds: Int) throws(AMQPError) -> Event? {
    amqp_maybe_release_buffers(raw)
    var timeout = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
    var frame = amqp_frame_t()
    while true {
      let status = amqp_simple_wait_frame_noblock(raw, &frame, &timeout)
      if status == AMQP_STATUS_TIMEOUT.rawValue { return nil }
      try Self.check(status, "wait for the broker")
      guard frame.frame_type == UInt8(AMQP_FRAME_METHOD) else { continue }
      if let event = try event(from: frame.payload.method, on: frame.channel) { return event }
      timeout = timeval()
    }
  }

  /// Nil for a method that needs no action.
  private func event(
    from method: amqp_method_t, on channel: amqp_channel_t
  ) throws(AMQPError) -> Event? {
    switch Int32(bitPattern: method.id) {
    case Int32(AMQP_BASIC_DELIVER_METHOD):
      guard let deliver = method.decoded(as: amqp_basic_deliver_t.self) else { return nil }
      return .delivered(
        Delivery(
          adopting: try readMessage(on: channel), tag: deliver.delivery_tag,
          isRedelivered: deliver.redelivered != 0))
    case Int32(AMQP_BASIC_ACK_METHOD):
      guard let ack = method.decoded(as: amqp_basic_ack_t.self) else { return nil }
      return .confirmed(ack.delivery_tag, multiple: ack.multiple != 0)
    case Int32(AMQP_BASIC_NACK_METHOD):
      guard let nack = method.decoded(as: amqp_basic_nack_t.self) else { return nil }
      return .refused(nack.delivery_tag, multiple: nack.multiple != 0)
    case Int32(AMQP_BASIC_RETURN_METHOD):
      guard let returned = method.decoded(as: amqp_basic_return_t.self) else { return nil }
      let code = Int(returned.reply_code)
      var message = try readMessage(on: channel)
      amqp_destroy_message(&message)
      return .returned(code: code)
    case Int32(AMQP_CONNECTION_BLOCKED_METHOD):
      let blocked = method.decoded(as: amqp_connection_blocked_t.self)
      return .blocked(reason: blocked.map { String($0.reason) } ?? "")
    case Int32(AMQP_CONNECTION_UNBLOCKED_METHOD): return .unblocked
    case Int32(AMQP_BASIC_CANCEL_METHOD):
      throw AMQPError(
        cause: .cancelled, operation: "wait for the broker", message: "its queue is gone")
    case Int32(AMQP_CHANNEL_CLOSE_METHOD), Int32(AMQP_CONNECTION_CLOSE_METHOD):
      throw AMQPError(method: method, operation: "wait for the broker")
    default: return nil
    }
  }

  private func readMessage(on channel: amqp_channel_t) throws(AMQPError) -> amqp_message_t {
    var message = amqp_message_t()
    let reply = amqp_read_message(raw, channel, &message, 0)
    if let error = AMQPError(reply: reply, operation: "read a message") { throw error }
    return message
  }
}

extension amqp_method_t {
  fileprivate func decoded<Method>(as type: Method.Type) -> Method? {
    decoded?.assumingMemoryBound(to: type).pointee
  }
}
