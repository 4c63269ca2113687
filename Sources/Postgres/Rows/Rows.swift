import CPostgres

/// The result of one statement: libpq's `PGresult`, freed exactly once (`PQclear`).
///
/// Columns are in binary format. A row is read forward by a `RowReader`.
package struct Rows: ~Copyable {
  private let raw: OpaquePointer
  private let operation: String

  init(adopting raw: OpaquePointer, during operation: String) {
    self.raw = raw
    self.operation = operation
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

  /// What the server says it has done, such as `COMMIT` (`PQcmdStatus`).
  var command: String { PQcmdStatus(raw).map { String(cString: $0) } ?? "" }

  /// Reads the only row.
  ///
  /// - Throws: Also when there is none, or more than one (21000).
  package func one<Value>(
    _ read: (inout RowReader) throws(PostgresError) -> Value
  ) throws(PostgresError) -> Value {
    guard count == 1 else {
      throw PostgresError(.cardinalityViolation, "\(count) rows, not one", during: operation)
    }
    return try self.read(0, read)
  }

  /// Reads the first row; nil when there is none.
  package func first<Value>(
    _ read: (inout RowReader) throws(PostgresError) -> Value
  ) throws(PostgresError) -> Value? {
    count > 0 ? try self.read(0, read) : nil
  }

  /// Reads all rows.
  package func map<Value>(
    _ read: (inout RowReader) throws(PostgresError) -> Value
  ) throws(PostgresError) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(count)
    for row in 0..<count { values.append(try self.read(row, read)) }
    return values
  }

  private func read<Value>(
    _ row: Int, _ read: (inout RowReader) throws(PostgresError) -> Value
  ) throws(PostgresError) -> Value {
    var reader = RowReader(lent: raw, row: row, during: operation)
    return try read(&reader)
  }
}
