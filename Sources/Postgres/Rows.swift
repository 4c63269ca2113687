import CPostgres

/// The result of one statement: libpq's `PGresult`, freed exactly once (`PQclear`).
///
/// Columns are in binary format. A getter answers `nil` for SQL's NULL and throws if the column is
/// of another type than the caller thinks (42804).
package struct Rows: ~Copyable {
  private let raw: OpaquePointer

  init(adopting raw: OpaquePointer) {
    self.raw = raw
  }

  deinit {
    PQclear(raw)
  }

  /// Number of rows (`PQntuples`).
  package var count: Int { Int(PQntuples(raw)) }

  /// Rows that the statement inserted, updated or deleted (`PQcmdTuples`).
  package var affected: Int {
    PQcmdTuples(raw).flatMap { Int(String(cString: $0)) } ?? 0
  }

  /// An `int2`, `int4`, `int8`, `oid` or `bool` (as 0 or 1).
  package func integer(_ column: Int, row: Int = 0) throws(PostgresError) -> Int64? {
    guard let field = field(row, column) else { return nil }
    switch (type(of: column), field.count) {
    case (ColumnType.bool, 1), (ColumnType.int2, 2), (ColumnType.int4, 4), (ColumnType.int8, 8):
      return Self.signed(field)
    case (ColumnType.oid, 4):
      return Self.signed(field) & 0xffff_ffff
    default:
      throw mismatch(column)
    }
  }

  /// A character column as UTF-8 bytes, or a `bytea`.
  package func bytes(_ column: Int, row: Int = 0) throws(PostgresError) -> [UInt8]? {
    guard let field = field(row, column) else { return nil }
    switch type(of: column) {
    case ColumnType.text, ColumnType.varchar, ColumnType.bpchar, ColumnType.name, ColumnType.json,
      ColumnType.unknown, ColumnType.bytea:
      return Array(field)
    default:
      throw mismatch(column)
    }
  }

  /// A character column.
  package func text(_ column: Int, row: Int = 0) throws(PostgresError) -> String? {
    try bytes(column, row: row).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A `timestamptz` in milliseconds since 1970-01-01T00:00:00Z, rounded down.
  package func milliseconds(_ column: Int, row: Int = 0) throws(PostgresError) -> Int64? {
    guard let field = field(row, column) else { return nil }
    guard type(of: column) == ColumnType.timestamptz, field.count == 8 else {
      throw mismatch(column)
    }
    return PostgresEpoch.unixMilliseconds(fromMicroseconds: Self.signed(field))
  }

  /// The field's bytes inside libpq's memory (`PQgetvalue`), or `nil` for NULL or no such field.
  private func field(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer? {
    guard row >= 0, row < count, column >= 0, column < Int(PQnfields(raw)),
      PQgetisnull(raw, Int32(row), Int32(column)) == 0
    else { return nil }
    return UnsafeRawBufferPointer(
      start: PQgetvalue(raw, Int32(row), Int32(column)),
      count: Int(PQgetlength(raw, Int32(row), Int32(column))))
  }

  private func type(of column: Int) -> Oid {
    PQftype(raw, Int32(column))
  }

  private func mismatch(_ column: Int) -> PostgresError {
    PostgresError(
      .datatypeMismatch, "column \(column) is of type \(type(of: column))", during: "read a row")
  }

  /// Big-endian two's complement, one to eight bytes.
  private static func signed(_ field: UnsafeRawBufferPointer) -> Int64 {
    var value: Int64 = field.first.map { $0 & 0x80 != 0 && field.count > 1 ? -1 : 0 } ?? 0
    for byte in field {
      value = value << 8 | Int64(byte)
    }
    return value
  }
}
