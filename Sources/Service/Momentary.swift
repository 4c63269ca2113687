/// A value that is valid for a moment: it is computed at most once in that time.
package final class Momentary<Value> {
  private let lifetime: Int64
  private let clock: () -> Int64
  private let make: () -> Value
  private var last: (value: Value, end: Int64)?

  /// - Parameters:
  ///   - milliseconds: How long a computed value is valid.
  ///   - clock: Milliseconds of a clock that never steps.
  ///   - make: Computes the value; it may take any time.
  package init(
    milliseconds: Int64 = 1000, clock: @escaping () -> Int64 = SystemClock.bootMilliseconds,
    _ make: @escaping () -> Value
  ) {
    lifetime = milliseconds
    self.clock = clock
    self.make = make
  }

  package func value() -> Value {
    if let last, clock() < last.end { return last.value }
    let value = make()
    last = (value, clock() + lifetime)
    return value
  }
}
