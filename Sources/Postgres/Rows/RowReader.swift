import CPostgres

/// Reads the columns of one row in their order: each call takes the next one.
///
/// Lent by `Rows` for the time of a closure; it can't be kept. A getter throws for a column of
/// another type (42804), when there is no further column (42703), and for NULL (22004) unless it is
/// an `optional…`.
package struct RowReader: ~Copyable {
  private let raw: OpaquePointer
  private let row: Int32
  private let operation: String
  private var column: Int32 = -1

  init(lent raw: OpaquePointer, row: Int, during operation: String) {
    self.raw = raw
    self.row = Int32(row)
    self.operation = operation
  }

  /// An `int2`, `int4`, `int8` or `oid`.
  package mutating func integer() throws(PostgresError) -> Int64 {
    try present(try optionalInteger())
  }

  /// An `int2`, `int4`, `int8` or `oid`.
  package mutating func optionalInteger() throws(PostgresError) -> Int64? {
    guard let field = try next() else { return nil }
    switch (type, field.count) {
    case (ColumnType.int2, 2), (ColumnType.int4, 4), (ColumnType.int8, 8):
      return Self.signed(field)
    case (ColumnType.oid, 4):
      return Self.signed(field) & 0xffff_ffff
    default:
      throw mismatch()
    }
  }

  /// A `bool`.
  package mutating func bool() throws(PostgresError) -> Bool {
    try present(try optionalBool())
  }

  /// A `bool`.
  package mutating func optionalBool() throws(PostgresError) -> Bool? {
    guard let field = try next() else { return nil }
    guard type == ColumnType.bool, field.count == 1 else { throw mismatch() }
    return field[0] != 0
  }

  /// A character column.
  package mutating func text() throws(PostgresError) -> String {
    try present(try optionalText())
  }

  /// A character column.
  package mutating func optionalText() throws(PostgresError) -> String? {
    guard let field = try next() else { return nil }
    guard isText else { throw mismatch() }
    return String(decoding: field, as: UTF8.self)
  }

  /// A character column as UTF-8 bytes, or a `bytea`.
  package mutating func bytes() throws(PostgresError) -> [UInt8] {
    try present(try optionalBytes())
  }

  /// A character column as UTF-8 bytes, or a `bytea`.
  package mutating func optionalBytes() throws(PostgresError) -> [UInt8]? {
    guard let field = try next() else { return nil }
    guard isText || type == ColumnType.bytea else { throw mismatch() }
    return Array(field)
  }

  /// A `timestamptz` in milliseconds since 1970-01-01T00:00:00Z, rounded down.
  package mutating func milliseconds() throws(PostgresError) -> Int64 {
    try present(try optionalMilliseconds())
  }

  /// A `timestamptz` in milliseconds since 1970-01-01T00:00:00Z, rounded down.
  package mutating func optionalMilliseconds() throws(PostgresError) -> Int64? {
    try optionalMicroseconds().map(PostgresEpoch.unixMilliseconds)
  }

  /// A `timestamptz` as PostgreSQL keeps it: microseconds since 2000-01-01T00:00:00Z.
  ///
  /// Exact: two times of one millisecond stay apart, and so does `infinity`.
  package mutating func microseconds() throws(PostgresError) -> Int64 {
    try present(try optionalMicroseconds())
  }

  private mutating func optionalMicroseconds() throws(PostgresError) -> Int64? {
    guard let field = try next() else { return nil }
    guard type == ColumnType.timestamptz, field.count == 8 else { throw mismatch() }
    return Self.signed(field)
  }
}

// MARK: - Fields

extension RowReader {
  /// The next column's bytes inside libpq's memory (`PQgetvalue`); nil for NULL.
  private mutating func next() throws(PostgresError) -> UnsafeRawBufferPointer? {
    guard column + 1 < PQnfields(raw) else {
      throw PostgresError(
        .undefinedColumn, "the row has \(PQnfields(raw)) columns, not more", during: operation)
    }
    column += 1
    guard PQgetisnull(raw, row, column) == 0 else { return nil }
    return UnsafeRawBufferPointer(
      start: PQgetvalue(raw, row, column), count: Int(PQgetlength(raw, row, column)))
  }

  private func present<Value>(_ value: Value?) throws(PostgresError) -> Value {
    guard let value else {
      throw PostgresError(.nullValueNotAllowed, "\(place) is NULL", during: operation)
    }
    return value
  }

  private var type: Oid { PQftype(raw, column) }

  private var isText: Bool {
    switch type {
    case ColumnType.text, ColumnType.varchar, ColumnType.bpchar, ColumnType.name, ColumnType.json,
      ColumnType.unknown:
      true
    default: false
    }
  }

  /// The next column's bytes, which must be of this type.
  mutating func bytes(of expected: Oid) throws(PostgresError) -> [UInt8] {
    let field = try present(try next())
    guard type == expected else { throw mismatch() }
    return Array(field)
  }

  func mismatch() -> PostgresError {
    PostgresError(.datatypeMismatch, "\(place) is of type \(type)", during: operation)
  }

  private var place: String {
    "column \(column + 1) (\(PQfname(raw, column).map { String(cString: $0) } ?? ""))"
  }

  /// Big-endian two's complement, one to eight bytes.
  private static func signed(_ field: UnsafeRawBufferPointer) -> Int64 {
    var value: Int64 = field.first.map { $0 & 0x80 != 0 ? -1 : 0 } ?? 0
    for byte in field {
      value = value << 8 | Int64(byte)
    }
    return value
  }
}
