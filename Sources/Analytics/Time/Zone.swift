import Text

/// A time zone: how far its clocks are from UTC, and since when.
package struct Zone: Equatable, Sendable {
  /// A span of time in which the clocks have one offset.
  struct Span: Equatable, Sendable {
    /// Its first second, since 1970; the least number for the first span.
    let start: Int64
    /// Seconds east of UTC.
    let offset: Int64
  }

  /// Its name in the IANA database.
  package let name: String
  /// In their order; never empty.
  let spans: [Span]

  package static let utc = Zone(name: "UTC", spans: [Span(start: .min, offset: 0)])

  func offset(at second: Int64) -> Int64 { spans[index(at: second)].offset }

  /// The day of a moment, as a number of days since 1970-01-01.
  func day(at second: Int64) -> Int { Int((second + offset(at: second)).dividedDown(by: 86_400)) }

  /// The first moment of a day: mostly midnight, else when the clocks were set past it.
  func start(ofDay day: Int) -> Int64 {
    let midnight = Int64(day) * 86_400
    // No zone is as far from UTC as that.
    let first = index(at: midnight - 2 * 86_400)
    for (index, span) in spans.enumerated().dropFirst(first) {
      let moment = max(span.start, midnight - span.offset)
      if index == spans.count - 1 || moment < spans[index + 1].start { return moment }
    }
    return midnight
  }

  /// The spans that a range of time meets, with the first cut to its start.
  func spans(from start: Int64, to end: Int64) -> [Span] {
    let first = index(at: start)
    return [Span(start: start, offset: spans[first].offset)]
      + spans[(first + 1)...].prefix { $0.start < end }
  }

  /// A moment in this zone, with its offset: `2026-11-22T19:49:00+05:45`.
  func text(of second: Int64) -> String {
    let offset = offset(at: second)
    let minutes = Int(abs(offset) / 60)
    let parts = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return RFC3339.string(seconds: second + offset).dropLast()
      + (offset < 0 ? "-" : "+") + parts.joined(separator: ":")
  }

  private func index(at second: Int64) -> Int {
    var low = 0
    var high = spans.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if spans[middle].start <= second { low = middle } else { high = middle }
    }
    return low
  }
}

extension Int64 {
  /// The quotient, rounded to the lower number.
  func dividedDown(by divisor: Int64) -> Int64 {
    self >= 0 ? self / divisor : -((divisor - 1 - self) / divisor)
  }
}
