internal import CRabbitMQ

extension Connection {
  /// The broker's version, such as `3.10.8` (`amqp_get_server_properties`).
  package var serverVersion: String? {
    guard let table = amqp_get_server_properties(raw)?.pointee else { return nil }
    for index in 0..<Int(table.num_entries) {
      guard let entry = table.entries?[index], String(entry.key) == "version",
        entry.value.kind == UInt8(AMQP_FIELD_KIND_UTF8.rawValue)
      else { continue }
      return String(entry.value.value.bytes)
    }
    return nil
  }

  /// How many messages are ready in a queue and how many consumers it has (queue.declare, passive).
  ///
  /// A missing queue is an error, after which the connection can't be used any more.
  package func state(
    ofQueue name: String
  ) throws(AMQPError) -> (messages: Int, consumers: Int) {
    var name = name
    let answer = name.withUTF8 { bytes in
      amqp_queue_declare(
        raw, 1,
        amqp_bytes_t(
          len: bytes.count, bytes: UnsafeMutableRawPointer(mutating: bytes.baseAddress)),
        1, 0, 0, 0, amqp_empty_table)
    }
    let state = answer.map { (Int($0.pointee.message_count), Int($0.pointee.consumer_count)) }
    try checkReply("look at the queue \(name)")
    return state ?? (0, 0)
  }
}
