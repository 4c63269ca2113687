/// The pause before the next attempt.
///
/// It is random up to a bound that doubles with each failure ("full jitter"). So processes that
/// failed together don't retry together.
package struct Backoff {
  private var failures = 0
  private let first: Int
  private let most: Int

  /// - Parameters:
  ///   - first: The first bound in milliseconds.
  ///   - most: The last one.
  package init(first: Int = 50, most: Int = 5000) {
    self.first = first
    self.most = most
  }

  /// Milliseconds to wait now, after one more failure.
  package mutating func next() -> Int {
    let bound = min(most, first << min(failures, 16))
    failures += 1
    return Int.random(in: 1...bound)
  }

  package mutating func reset() { failures = 0 }
}
