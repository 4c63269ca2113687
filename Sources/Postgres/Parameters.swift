/// The bound values of one statement laid out as libpq wants them: pointers, lengths, formats.
struct Parameters {
  private var buffer: [UInt8] = []
  private var ends: [Int] = []

  init(_ values: [BoundValue]) {
    ends.reserveCapacity(values.count)
    for value in values {
      value.encode(into: &buffer)
      ends.append(buffer.count)
    }
    // So that an empty value at the end has an address too: a null pointer would mean NULL.
    buffer.append(0)
  }

  /// Lends the arrays for the length of `body`; every format is binary (1).
  func withRaw<Result>(
    _ body: (
      _ count: Int32, _ values: [UnsafePointer<CChar>?], _ lengths: [Int32], _ formats: [Int32]
    ) -> Result
  ) -> Result {
    buffer.withUnsafeBytes { bytes in
      let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      var values: [UnsafePointer<CChar>?] = []
      var lengths: [Int32] = []
      var from = 0
      for end in ends {
        values.append(start.map { $0 + from })
        lengths.append(Int32(end - from))
        from = end
      }
      return body(
        Int32(ends.count), values, lengths, Array(repeating: 1, count: ends.count))
    }
  }
}
