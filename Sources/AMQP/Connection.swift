internal import CRabbitMQ
internal import Glibc

/// A connection to a broker with its one channel, for one thread.
///
/// Heartbeats run only inside `nextEvent`, so call it at least every ten seconds. After any error
/// the connection is dead and must be dropped.
package final class Connection {
  private static let channel: amqp_channel_t = 1
  private static let maximumFrame: Int32 = 131_072

  let raw: amqp_connection_state_t

  /// Connects and logs in.
  ///
  /// The C functions: `amqp_socket_open_noblock`, `amqp_login_with_properties`,
  /// `amqp_channel_open`.
  ///
  /// - Parameters:
  ///   - address: The broker.
  ///   - name: The connection's name in the broker's lists.
  ///   - heartbeat: Seconds; a peer that is silent for twice as long counts as dead.
  ///   - milliseconds: The time-out of connecting, of logging in and of each call that waits for an
  ///     answer.
  /// - Throws: When there is no connection within the time.
  package init(
    _ address: BrokerAddress, name: String, heartbeat: Int32 = 30, timeout milliseconds: Int = 5000
  ) throws(AMQPError) {
    guard let raw = amqp_new_connection() else {
      throw AMQPError(status: AMQP_STATUS_NO_MEMORY.rawValue, operation: "connect")
    }
    self.raw = raw
    var timeout = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
    guard let socket = amqp_tcp_socket_new(raw) else {
      throw AMQPError(status: AMQP_STATUS_NO_MEMORY.rawValue, operation: "connect")
    }
    try Self.check(
      amqp_socket_open_noblock(socket, address.host, Int32(address.port), &timeout), "connect")
    guard swiftlet_set_user_timeout(amqp_get_sockfd(raw), 10_000) == 0 else {
      throw AMQPError(status: AMQP_STATUS_SOCKET_ERROR.rawValue, operation: "set the time-out")
    }
    try Self.check(amqp_set_handshake_timeout(raw, &timeout), "set the time-out")
    try Self.check(amqp_set_rpc_timeout(raw, &timeout), "set the time-out")
    let properties: FieldTable = [
      "product": .text("swiftlet"), "connection_name": .text(name),
      "capabilities": .flags([
        "connection.blocked", "consumer_cancel_notify", "publisher_confirms", "basic.nack",
      ]),
    ]
    let reply = properties.withRaw { properties in
      var properties = properties
      return swiftlet_amqp_login(
        raw, address.virtualHost, 0, Self.maximumFrame, heartbeat, &properties, address.user,
        address.password)
    }
    if let error = AMQPError(reply: reply, operation: "log in") { throw error }
    amqp_channel_open(raw, Self.channel)
    try checkReply("open a channel")
  }

  deinit {
    amqp_destroy_connection(raw)
  }

  /// Closes the connection and waits at most a second for the answer.
  ///
  /// The C function: `amqp_connection_close`.
  package func close() {
    var timeout = timeval(tv_sec: 1, tv_usec: 0)
    amqp_set_rpc_timeout(raw, &timeout)
    _ = amqp_connection_close(raw, AMQP_REPLY_SUCCESS)
  }

  /// The socket, to be polled for input; only useful while `nextEvent` has nothing more at once.
  package var descriptor: Int32 { amqp_get_sockfd(raw) }

  // MARK: - Topology

  /// Declares a durable direct exchange (exchange.declare).
  package func declareExchange(_ name: String) throws(AMQPError) {
    withBytes(name) { name in
      withBytes("direct") { type in
        _ = amqp_exchange_declare(raw, Self.channel, name, type, 0, 1, 0, 0, amqp_empty_table)
      }
    }
    try checkReply("declare the exchange \(name)")
  }

  /// Declares a durable queue (queue.declare).
  ///
  /// - Returns: How many messages are ready in it.
  @discardableResult
  package func declareQueue(
    _ name: String, arguments: FieldTable = [:]
  ) throws(AMQPError) -> Int {
    let answer = withBytes(name) { name in
      arguments.withRaw { arguments in
        amqp_queue_declare(raw, Self.channel, name, 0, 1, 0, 0, arguments)
      }
    }
    let ready = answer.map { Int($0.pointee.message_count) } ?? 0
    try checkReply("declare the queue \(name)")
    return ready
  }

  /// Deletes a queue with all of its messages (queue.delete).
  package func deleteQueue(_ name: String) throws(AMQPError) {
    withBytes(name) { name in
      _ = amqp_queue_delete(raw, Self.channel, name, 0, 0)
    }
    try checkReply("delete the queue \(name)")
  }

  /// Binds a queue to an exchange (queue.bind).
  package func bind(
    queue: String, to exchange: String, routingKey: String
  ) throws(AMQPError) {
    withBytes(queue) { queue in
      withBytes(exchange) { exchange in
        withBytes(routingKey) { key in
          _ = amqp_queue_bind(raw, Self.channel, queue, exchange, key, amqp_empty_table)
        }
      }
    }
    try checkReply("bind the queue \(queue)")
  }

  // MARK: - Publishing

  /// From now on each message published is confirmed or refused by an event (confirm.select).
  package func enableConfirms() throws(AMQPError) {
    amqp_confirm_select(raw, Self.channel)
    try checkReply("ask for confirms")
  }

  /// Publishes a persistent, mandatory message.
  ///
  /// It waits while the socket has no room, up to ten seconds without progress. A broker that is
  /// short of memory or disk stops reading, which `Event.blocked` reports.
  ///
  /// The C function: `amqp_basic_publish`.
  package func publish(
    to exchange: String, routingKey: String, contentType: StaticString, headers: FieldTable,
    body: UnsafeBufferPointer<UInt8>
  ) throws(AMQPError) {
    var properties = amqp_basic_properties_t()
    properties._flags =
      UInt32(AMQP_BASIC_CONTENT_TYPE_FLAG) | UInt32(AMQP_BASIC_DELIVERY_MODE_FLAG)
      | UInt32(AMQP_BASIC_HEADERS_FLAG)
    properties.delivery_mode = UInt8(AMQP_DELIVERY_PERSISTENT.rawValue)
    properties.content_type = amqp_bytes_t(
      len: contentType.utf8CodeUnitCount,
      bytes: UnsafeMutableRawPointer(mutating: contentType.utf8Start))
    let content = amqp_bytes_t(
      len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress))
    let status = withBytes(exchange) { exchange in
      withBytes(routingKey) { key in
        headers.withRaw { headers in
          properties.headers = headers
          return amqp_basic_publish(
            raw, Self.channel, exchange, key, 1, 0, &properties, content)
        }
      }
    }
    try Self.check(status, "publish")
  }

  // MARK: - Consuming

  /// Subscribes to a queue (basic.qos, basic.consume).
  ///
  /// - Parameters:
  ///   - queue: Its name.
  ///   - prefetch: The limit of messages delivered and not acknowledged.
  /// - Throws: When the queue doesn't exist or may not be read.
  package func consume(queue: String, prefetch: UInt16) throws(AMQPError) {
    amqp_basic_qos(raw, Self.channel, 0, prefetch, 0)
    try checkReply("set the prefetch")
    withBytes(queue) { queue in
      _ = amqp_basic_consume(
        raw, Self.channel, queue, amqp_empty_bytes, 0, 0, 0, amqp_empty_table)
    }
    try checkReply("subscribe to \(queue)")
  }

  /// Acknowledges a delivery, and all before it if `multiple` (basic.ack).
  package func acknowledge(_ tag: UInt64, multiple: Bool) throws(AMQPError) {
    try Self.check(
      amqp_basic_ack(raw, Self.channel, tag, multiple ? 1 : 0), "acknowledge")
  }

  /// Returns a delivery to its place in the queue, or sends it to the dead letters (basic.nack).
  package func reject(_ tag: UInt64, requeue: Bool) throws(AMQPError) {
    try Self.check(amqp_basic_nack(raw, Self.channel, tag, 0, requeue ? 1 : 0), "reject")
  }

  // MARK: - Checks

  func checkReply(_ operation: String) throws(AMQPError) {
    if let error = AMQPError(reply: amqp_get_rpc_reply(raw), operation: operation) { throw error }
  }

  static func check(_ status: Int32, _ operation: String) throws(AMQPError) {
    guard status == AMQP_STATUS_OK.rawValue else {
      throw AMQPError(status: status, operation: operation)
    }
  }

  private func withBytes<Result>(_ text: String, _ body: (amqp_bytes_t) -> Result) -> Result {
    var text = text
    return text.withUTF8 { bytes in
      body(
        amqp_bytes_t(
          len: bytes.count, bytes: UnsafeMutableRawPointer(mutating: bytes.baseAddress)))
    }
  }
}
