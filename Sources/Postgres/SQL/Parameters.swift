import CPostgres

/// The bound values of a statement in PostgreSQL's binary format, in libpq's layout.
///
/// In libpq's text format, text parameters end at the first NUL. In the binary format they arrive
/// whole, and the server itself refuses a NUL (22021).
struct Parameters: Sendable {
  /// All values, one after the other.
  private var buffer: [UInt8] = []
  /// The length of each value; nil for NULL.
  private var lengths: [Int?] = []

  /// The protocol counts parameters with 16 bits; a value on the server has at most 1 GiB.
  private static let countLimit = 65_535
  private static let byteLimit = 1 << 30

  /// Whether they fit into a message of the protocol.
  var fitAMessage: Bool { lengths.count <= Self.countLimit && buffer.count < Self.byteLimit }

  mutating func reserveCapacity(_ count: Int) {
    lengths.reserveCapacity(count)
  }

  mutating func append(_ others: Parameters) {
    buffer += others.buffer
    lengths += others.lengths
  }

  mutating func append(_ value: Int64?) {
    append(value) { buffer, value in Self.append(value, to: &buffer) }
  }

  mutating func append(_ value: Bool?) {
    append(value) { buffer, value in buffer.append(value ? 1 : 0) }
  }

  mutating func append(_ bytes: (some Collection<UInt8>)?) {
    append(bytes) { buffer, bytes in buffer += bytes }
  }

  /// An array of integers, or of times in PostgreSQL's microseconds.
  mutating func append(_ values: [Int64?]?, of type: Oid) {
    append(values) { buffer, values in
      Self.append(values, of: type, to: &buffer) { buffer, value in
        Self.append(Int32(MemoryLayout<Int64>.size), to: &buffer)
        Self.append(value, to: &buffer)
      }
    }
  }

  /// An array of texts.
  mutating func append(_ texts: [String?]?, of type: Oid) {
    append(texts) { buffer, texts in
      Self.append(texts, of: type, to: &buffer) { buffer, text in
        // A length that this clamps makes the whole too long for a message.
        Self.append(Int32(clamping: text.utf8.count), to: &buffer)
        buffer += text.utf8
      }
    }
  }

  /// Lends the arrays during `body`; every format is binary (1).
  func withRaw<Result>(
    _ body: (
      _ count: Int32, _ values: UnsafePointer<UnsafePointer<CChar>?>?,
      _ lengths: UnsafePointer<Int32>?, _ formats: UnsafePointer<Int32>?
    ) -> Result
  ) -> Result {
    let count = lengths.count
    return buffer.withUnsafeBytes { bytes in
      withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * count) { numbers in
          // An empty value also needs an address: a null pointer would mean NULL.
          let start = bytes.baseAddress ?? UnsafeRawPointer(numbers.baseAddress)
          var from = 0
          for (index, length) in lengths.enumerated() {
            let address = length == nil ? nil : start.map { $0 + from }
            values.initializeElement(
              at: index, to: address?.assumingMemoryBound(to: CChar.self))
            numbers.initializeElement(at: index, to: Int32(clamping: length ?? 0))
            numbers.initializeElement(at: count + index, to: 1)
            from += length ?? 0
          }
          let lengths = UnsafePointer(numbers.baseAddress)
          return body(
            Int32(clamping: count), UnsafePointer(values.baseAddress), lengths,
            lengths.map { $0 + count })
        }
      }
    }
  }
}

// MARK: - Encoding

extension Parameters {
  private mutating func append<Value>(_ value: Value?, encode: (inout [UInt8], Value) -> Void) {
    guard let value else { return lengths.append(nil) }
    let start = buffer.count
    encode(&buffer, value)
    lengths.append(buffer.count - start)
  }

  /// An array of one dimension, counted from 1 (`array_recv`).
  private static func append<Element>(
    _ elements: [Element?], of type: Oid, to buffer: inout [UInt8],
    encode: (inout [UInt8], Element) -> Void
  ) {
    append(1 as Int32, to: &buffer)
    append(elements.contains { $0 == nil } ? 1 as Int32 : 0, to: &buffer)
    append(Int32(bitPattern: type), to: &buffer)
    append(Int32(clamping: elements.count), to: &buffer)
    append(1 as Int32, to: &buffer)
    for element in elements {
      if let element { encode(&buffer, element) } else { append(-1 as Int32, to: &buffer) }
    }
  }

  private static func append(_ value: some FixedWidthInteger, to buffer: inout [UInt8]) {
    withUnsafeBytes(of: value.bigEndian) { buffer.append(contentsOf: $0) }
  }
}
