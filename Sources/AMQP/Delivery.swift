internal import CRabbitMQ

/// A delivered message; it belongs to the consumer until it is acknowledged.
package struct Delivery: ~Copyable {
  /// Its number on the channel, used to acknowledge it.
  package let tag: UInt64
  /// Whether it was delivered before; `false` doesn't say that its content is new.
  package let isRedelivered: Bool
  private var raw: amqp_message_t

  init(adopting raw: amqp_message_t, tag: UInt64, isRedelivered: Bool) {
    self.raw = raw
    self.tag = tag
    self.isRedelivered = isRedelivered
  }

  deinit {
    var raw = raw
    amqp_destroy_message(&raw)
  }

  /// Lends the body.
  package func withBody<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let start = raw.body.bytes?.assumingMemoryBound(to: UInt8.self)
    return body(UnsafeBufferPointer(start: start, count: start == nil ? 0 : raw.body.len))
  }

  /// A header that is a whole number of any width; nil when there is none.
  package func integer(_ name: StaticString) -> Int64? {
    guard let field = field(name) else { return nil }
    switch amqp_field_value_kind_t(rawValue: UInt32(field.kind)) {
    case AMQP_FIELD_KIND_I8: return Int64(field.value.i8)
    case AMQP_FIELD_KIND_I16: return Int64(field.value.i16)
    case AMQP_FIELD_KIND_I32: return Int64(field.value.i32)
    case AMQP_FIELD_KIND_I64: return field.value.i64
    default: return nil
    }
  }

  /// A header that is a text; nil when there is none.
  package func text(_ name: StaticString) -> String? {
    guard let field = field(name), field.kind == UInt8(AMQP_FIELD_KIND_UTF8.rawValue) else {
      return nil
    }
    return String(field.value.bytes)
  }

  private func field(_ name: StaticString) -> amqp_field_value_t? {
    guard raw.properties._flags & UInt32(AMQP_BASIC_HEADERS_FLAG) != 0 else { return nil }
    let table = raw.properties.headers
    for index in 0..<Int(table.num_entries) {
      let key = table.entries[index].key
      let bytes = UnsafeRawBufferPointer(start: key.bytes, count: key.len)
      let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
      if bytes.elementsEqual(wanted) { return table.entries[index].value }
    }
    return nil
  }
}
