/// A value that is good for a moment: however often it is asked for, it is made once in that time.
package final class Momentary<Value> {
  private let lifetime: Int64
  private let make: () -> Value
  private var last: (value: Value, end: Int64)?

  /// - Parameters:
  ///   - milliseconds: How long a value is good for.
  ///   - make: Makes it anew.
  package init(milliseconds: Int64 = 1000, _ make: @escaping () -> Value) {
    lifetime = milliseconds
    self.make = make
  }

  /// The value; `now` is in milliseconds, by a clock that never steps.
  package func value(at now: Int64 = SystemClock.bootMilliseconds()) -> Value {
    if let last, now < last.end { return last.value }
    let value = make()
    last = (value, now + lifetime)
    return value
  }
}
