extension Collection where Element == UInt8 {
  /// Lends the bytes in place, copied only where they aren't contiguous.
  ///
  /// Functions of every click take such a buffer. A generic function of another module isn't
  /// specialized, and costs ten times as much.
  package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    withContiguousStorageIfAvailable(body) ?? Array(self).withUnsafeBufferPointer(body)
  }
}
