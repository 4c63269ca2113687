extension Collection where Element == UInt8 {
  /// Lends the bytes as they lie in memory, copied only where they don't lie together.
  ///
  /// Functions on the way of every click take such a buffer. A generic one of another module is not
  /// made anew for it, and costs ten times as much.
  package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    withContiguousStorageIfAvailable(body) ?? Array(self).withUnsafeBufferPointer(body)
  }
}
