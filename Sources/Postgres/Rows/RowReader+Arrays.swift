extension RowReader {
  /// A `text[]` of one dimension, without NULL among its elements.
  package mutating func texts() throws(PostgresError) -> [String] {
    var field = try bytes(of: ColumnType.textArray)[...]
    // Dimensions, whether there is a NULL, the elements' type; then length and first index of each dimension
    // (array_send).
    guard let dimensions = Self.number(&field), dimensions <= 1, Self.number(&field) != nil,
      Self.number(&field) != nil
    else { throw mismatch() }
    guard dimensions == 1 else { return [] }
    guard let count = Self.number(&field), Self.number(&field) != nil else { throw mismatch() }
    var texts: [String] = []
    for _ in 0..<count {
      guard let length = Self.number(&field), (0...field.count).contains(length) else {
        throw mismatch()
      }
      texts.append(String(decoding: field.prefix(length), as: UTF8.self))
      field = field.dropFirst(length)
    }
    return texts
  }

  /// Takes an `int4` off the beginning; nil when there is none, or less than 0.
  private static func number(_ field: inout ArraySlice<UInt8>) -> Int? {
    guard field.count >= 4 else { return nil }
    let number = field.prefix(4).reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
    field = field.dropFirst(4)
    return Int(exactly: Int32(bitPattern: number)).flatMap { $0 >= 0 ? $0 : nil }
  }
}
