import API

/// Between which times visits are meant, and whether those of programs are.
struct VisitDates: Equatable, Sendable {
  /// The first second that is meant, since 1970; nil for no limit.
  let start: Int64?
  /// The first second that isn't meant any more.
  let end: Int64?
  let excludesBots: Bool

  init(from reader: inout InputReader) {
    start = reader.parameter(
      "startDate", .timeSpan, "Only visits at this time or later; a date means all of that day."
    ).map { $0.start / 1000 }
    end = reader.parameter(
      "endDate", .timeSpan, "Only visits at this time or before; a date means all of that day."
    ).map { $0.end / 1000 }
    excludesBots = reader.flag(
      "excludeBots", "Leaves out visits of programs; it is enough that the parameter is there.")
  }
}
