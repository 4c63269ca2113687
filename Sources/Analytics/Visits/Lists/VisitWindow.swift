import ClickHouse

/// A range of times, in seconds since 1970; nil has no limit.
struct VisitWindow: Equatable, Sendable {
  /// The first second in it.
  let start: Int64?
  /// The first second behind it.
  let end: Int64?

  init(start: Int64?, end: Int64?) {
    self.start = start
    self.end = end
  }

  init(_ range: TimeRange) {
    self.init(start: range.start, end: range.end)
  }

  static let everything = VisitWindow(start: nil, end: nil)

  /// Each window reaches further back than the one before; the last one has no limit.
  private static let spans: [Int64?] = [3600, 86_400, 7 * 86_400, 31 * 86_400, nil]

  /// The windows in which the newest visits before a moment are looked for, one after the other.
  ///
  /// So a question about the newest visits of a busy link doesn't read all of its visits.
  static func lookingBack(from moment: Int64) -> [VisitWindow] {
    spans.map { span in VisitWindow(start: span.map { moment - $0 }, end: nil) }
  }

  /// Holds for rows of `visits` in it.
  var condition: SQL {
    let bounds = [
      start.map { "timestamp >= \(Self.time($0))" as SQL },
      end.map { "timestamp < \(Self.time($0))" as SQL },
    ].compactMap(\.self)
    return bounds.isEmpty ? "1" : SQL(list: bounds, separator: " AND ")
  }

  /// A time of ClickHouse, which has those of 32 bits.
  private static func time(_ seconds: Int64) -> SQL {
    "toDateTime(\(min(max(seconds, 0), VisitPlace.latest)), 'UTC')"
  }
}
