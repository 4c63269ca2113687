internal import CRabbitMQ

/// A table of AMQP 0-9-1 (section 4.2.5.5): a message's headers, a queue's arguments.
package struct FieldTable: ExpressibleByDictionaryLiteral, Sendable {
  package enum Value: Sendable {
    case bool(Bool)
    case integer(Int64)
    case text(String)
    /// A nested table in which each key is true.
    case flags([StaticKey])
  }

  /// A key with a static lifetime.
  package struct StaticKey: ExpressibleByStringLiteral, Sendable {
    let text: StaticString

    package init(stringLiteral text: StaticString) {
      self.text = text
    }

    var raw: amqp_bytes_t {
      amqp_bytes_t(
        len: text.utf8CodeUnitCount, bytes: UnsafeMutableRawPointer(mutating: text.utf8Start))
    }
  }

  private let entries: [(StaticKey, Value)]

  package init(dictionaryLiteral entries: (StaticKey, Value)...) {
    self.entries = entries
  }

  /// Lends the table in librabbitmq's form, with all of its memory from one pool.
  func withRaw<Result>(_ body: (amqp_table_t) -> Result) -> Result {
    var pool = amqp_pool_t()
    init_amqp_pool(&pool, 1024)
    defer { empty_amqp_pool(&pool) }
    return body(Self.raw(entries, &pool))
  }

  private static func raw(
    _ entries: [(StaticKey, Value)], _ pool: inout amqp_pool_t
  ) -> amqp_table_t {
    let size = MemoryLayout<amqp_table_entry_t>.stride * max(entries.count, 1)
    guard let memory = amqp_pool_alloc(&pool, size) else { return amqp_empty_table }
    let raw = memory.bindMemory(to: amqp_table_entry_t.self, capacity: entries.count)
    for (index, (key, value)) in entries.enumerated() {
      raw[index] = amqp_table_entry_t(key: key.raw, value: Self.raw(value, &pool))
    }
    return amqp_table_t(num_entries: Int32(entries.count), entries: raw)
  }

  private static func raw(_ value: Value, _ pool: inout amqp_pool_t) -> amqp_field_value_t {
    var field = amqp_field_value_t()
    switch value {
    case .bool(let bool):
      field.kind = UInt8(AMQP_FIELD_KIND_BOOLEAN.rawValue)
      field.value.boolean = bool ? 1 : 0
    case .integer(let integer):
      field.kind = UInt8(AMQP_FIELD_KIND_I64.rawValue)
      field.value.i64 = integer
    case .text(let text):
      var copy = amqp_bytes_t()
      amqp_pool_alloc_bytes(&pool, text.utf8.count, &copy)
      UnsafeMutableRawBufferPointer(start: copy.bytes, count: copy.len).copyBytes(from: text.utf8)
      field.kind = UInt8(AMQP_FIELD_KIND_UTF8.rawValue)
      field.value.bytes = copy
    case .flags(let flags):
      field.kind = UInt8(AMQP_FIELD_KIND_TABLE.rawValue)
      field.value.table = raw(flags.map { ($0, .bool(true)) }, &pool)
    }
    return field
  }
}
