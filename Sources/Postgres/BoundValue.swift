import CPostgres

/// A parameter of a statement, sent in PostgreSQL's binary format with its length.
///
/// Text parameters in libpq's text format end at the first NUL; sent this way they are whole, and
/// the server itself refuses a NUL (22021).
enum BoundValue: Sendable, Equatable {
  case integer(Int64)
  case boolean(Bool)
  case text([UInt8])
  case bytes([UInt8])
  case timestamp(milliseconds: Int64)
  case integers([Int64])
  case texts([String])
  case timestamps(milliseconds: [Int64])

  /// The parameter's type as the server knows it.
  var type: Oid {
    switch self {
    case .integer: ColumnType.int8
    case .boolean: ColumnType.bool
    case .text: ColumnType.text
    case .bytes: ColumnType.bytea
    case .timestamp: ColumnType.timestamptz
    case .integers: ColumnType.int8Array
    case .texts: ColumnType.textArray
    case .timestamps: ColumnType.timestamptzArray
    }
  }

  /// Appends the binary form to `buffer`.
  func encode(into buffer: inout [UInt8]) {
    switch self {
    case .integer(let value): Self.append(value, to: &buffer)
    case .boolean(let value): buffer.append(value ? 1 : 0)
    case .text(let bytes), .bytes(let bytes): buffer += bytes
    case .timestamp(let milliseconds):
      Self.append(PostgresEpoch.microseconds(fromUnixMilliseconds: milliseconds), to: &buffer)
    case .integers(let values):
      Self.append(values, of: ColumnType.int8, to: &buffer)
    case .texts(let texts):
      Self.appendHead(count: texts.count, of: ColumnType.text, to: &buffer)
      for text in texts {
        Self.append(Int32(text.utf8.count), to: &buffer)
        buffer.append(contentsOf: text.utf8)
      }
    case .timestamps(let milliseconds):
      Self.append(
        milliseconds.map(PostgresEpoch.microseconds), of: ColumnType.timestamptz, to: &buffer)
    }
  }

  private static func append(_ values: [Int64], of type: Oid, to buffer: inout [UInt8]) {
    appendHead(count: values.count, of: type, to: &buffer)
    for value in values {
      append(Int32(MemoryLayout<Int64>.size), to: &buffer)
      append(value, to: &buffer)
    }
  }

  /// The head of an array of one dimension without NULLs, counted from 1 (`array_recv`).
  private static func appendHead(count: Int, of type: Oid, to buffer: inout [UInt8]) {
    append(1 as Int32, to: &buffer)
    append(0 as Int32, to: &buffer)
    append(Int32(bitPattern: type), to: &buffer)
    append(Int32(count), to: &buffer)
    append(1 as Int32, to: &buffer)
  }

  private static func append(_ value: some FixedWidthInteger, to buffer: inout [UInt8]) {
    withUnsafeBytes(of: value.bigEndian) { buffer.append(contentsOf: $0) }
  }
}

/// Object ids of the built-in types used here (`pg_type.dat`); they never change.
enum ColumnType {
  static let bool: Oid = 16
  static let bytea: Oid = 17
  static let name: Oid = 19
  static let int8: Oid = 20
  static let int2: Oid = 21
  static let int4: Oid = 23
  static let text: Oid = 25
  static let oid: Oid = 26
  static let json: Oid = 114
  static let unknown: Oid = 705
  static let textArray: Oid = 1009
  static let int8Array: Oid = 1016
  static let bpchar: Oid = 1042
  static let varchar: Oid = 1043
  static let timestamptz: Oid = 1184
  static let timestamptzArray: Oid = 1185
}

/// PostgreSQL counts microseconds since 2000-01-01T00:00:00Z.
enum PostgresEpoch {
  private static let unixMilliseconds: Int64 = 946_684_800_000

  /// Saturates, far outside the years that PostgreSQL knows.
  static func microseconds(fromUnixMilliseconds milliseconds: Int64) -> Int64 {
    let (moved, overflow) = milliseconds.subtractingReportingOverflow(unixMilliseconds)
    let (product, overflow2) = moved.multipliedReportingOverflow(by: 1_000)
    return overflow || overflow2 ? (milliseconds < 0 ? .min : .max) : product
  }

  /// Rounds down to the millisecond.
  static func unixMilliseconds(fromMicroseconds microseconds: Int64) -> Int64 {
    let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000)
    return (remainder < 0 ? quotient - 1 : quotient) + unixMilliseconds
  }
}
