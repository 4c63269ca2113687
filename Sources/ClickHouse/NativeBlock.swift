/// Rows for an INSERT in the format Native: one block, column after column.
///
/// The block's header has the number of its rows, so a request that was cut off is never taken for
/// a complete one. Row formats such as RowBinary and JSONEachRow can't detect that. There the end
/// of the connection is the end of the data. The server uses such blocks itself, so it has little
/// to parse.
package struct NativeBlock {
  /// A column of a table: its name, and its type as the server writes it.
  package struct Column: Sendable {
    package let name: StaticString
    package let type: StaticString

    package init(_ name: StaticString, _ type: StaticString) {
      self.name = name
      self.type = type
    }
  }

  package private(set) var bytes: [UInt8] = []
  /// The added columns, in order.
  package private(set) var columns: [Column] = []

  /// - Parameters:
  ///   - columns: The exact number of columns that will be added.
  ///   - rows: The number of values in each of them.
  ///   - capacity: The bytes to reserve.
  package init(columns: Int, rows: Int, capacity: Int = 0) {
    bytes.reserveCapacity(capacity)
    bytes.append(varint: columns)
    bytes.append(varint: rows)
  }

  /// Adds a column with values that the caller has encoded, in one piece or more.
  package mutating func add(_ column: Column, _ values: [UInt8]...) {
    head(column)
    for piece in values { bytes.append(contentsOf: piece) }
  }

  /// Adds a column with the same value in all rows.
  ///
  /// The value is a number of fixed width, least byte first, such as a Date in days since 1970
  /// (UInt16).
  package mutating func add(
    _ column: Column, repeating value: some FixedWidthInteger, rows: Int
  ) {
    head(column)
    Swift.withUnsafeBytes(of: value.littleEndian) { value in
      for _ in 0..<rows { bytes.append(contentsOf: value) }
    }
  }

  private mutating func head(_ column: Column) {
    columns.append(column)
    for text in [column.name, column.type] {
      bytes.append(
        string: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
  }
}

/// How values are written into a column.
extension [UInt8] {
  /// A UInt64, least byte first.
  package mutating func append(fixed value: UInt64) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// A UInt32, least byte first; also a DateTime, in seconds since 1970.
  package mutating func append(fixed value: UInt32) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// A UInt16, least byte first.
  package mutating func append(fixed value: UInt16) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// A String: its length, then its bytes.
  package mutating func append(string: UnsafeBufferPointer<UInt8>) {
    append(varint: string.count)
    append(contentsOf: string)
  }

  fileprivate mutating func append(varint value: Int) {
    var rest = UInt64(value)
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }
}
