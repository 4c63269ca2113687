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

  /// The parameter's type as the server knows it.
  var type: Oid {
    switch self {
    case .integer: ColumnType.int8
    case .boolean: ColumnType.bool
    case .text: ColumnType.text
    case .bytes: ColumnType.bytea
    case .timestamp: ColumnType.timestamptz
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
    }
  }

  private static func append(_ value: Int64, to buffer: inout [UInt8]) {
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
  static let bpchar: Oid = 1042
  static let varchar: Oid = 1043
  static let timestamptz: Oid = 1184
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
