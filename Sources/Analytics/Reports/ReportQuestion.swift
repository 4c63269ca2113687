import API

/// What a report is asked for: which clicks, of which time, and how they are added up.
package struct ReportQuestion: Sendable {
  /// What a report may be broken down by.
  enum Dimension: String, CaseIterable, Sendable {
    case referrer
  }

  enum Comparison: String, CaseIterable, Sendable {
    case previous
  }

  let scopes: [ReportScope]
  let interval: Interval
  let start: TimeEdge?
  let end: TimeEdge?
  let zone: Zone
  let excludesBots: Bool
  let hasSeries: Bool
  let bucket: BucketSize?
  let breakdowns: [Dimension]
  let limit: Int
  let comparesWithPrevious: Bool

  init(from reader: inout InputReader) {
    scopes = ReportScope.scopes(from: &reader)
    let interval = reader.parameter(
      "interval", .word(sample: Interval.week),
      """
      The range that ends now, or at `end`: 24 hours, some whole days of the zone with today, the month, \
      quarter or year to date, or everything. Without it and `start`, 24h.
      """)
    start = reader.parameter(
      "start", .timeEdge, "The first moment of the range; a date means its start in the zone.")
    end = reader.parameter(
      "end", .timeEdge, "The first moment behind the range; a date means its start in the zone.")
    zone =
      reader.parameter("timezone", .zone, "A name of the IANA database; without it UTC.") ?? .utc
    excludesBots =
      reader.parameter(
        "excludeBots", .boolean,
        "Whether clicks are those of people alone, as they are without it; `bots` is there anyway.")
      ?? true
    hasSeries =
      reader.parameter(
        "series", .boolean, "Whether the clicks of each part of the range are answered as well.")
      ?? false
    bucket = reader.parameter(
      "bucket", .word(sample: BucketSize.day),
      """
      How long the parts of a series are, \(Buckets.limit) of them at most. Weeks begin on Monday. Without it \
      hours up to two days, days up to 92 days, else months.
      """)
    breakdowns =
      reader.parameter(
        "breakdowns", .words(of: Dimension.self), "What the clicks are broken down by.") ?? []
    limit =
      reader.parameter(
        "limit", .integer(in: 1...1000, sample: 10), "How many rows a breakdown has; else 100.")
      ?? 100
    comparesWithPrevious =
      reader.parameter(
        "compare", .word(sample: Comparison.previous),
        """
        `previous` adds the range before it, which is as long: in days of the zone where the range begins \
        with a day.
        """) != nil
    self.interval = interval ?? .day
    if interval != nil, start != nil {
      reader.refuse("interval", "excludes start")
    }
    if let start = start?.second(in: zone), let end = end?.second(in: zone), end <= start {
      reader.refuse("end", "must be later than start")
    }
  }

  /// The range that is meant at a moment; `first` finds the first click, for that of everything.
  func range<Failure>(
    at now: Int64, first: () throws(Failure) -> Int64?
  ) throws(Failure) -> TimeRange {
    // The second that runs is in it.
    let end = end?.second(in: zone) ?? now + 1
    var start = start?.second(in: zone) ?? interval.start(endingAt: end, in: zone)
    if start == nil, let first = try first() { start = zone.start(ofDay: zone.day(at: first)) }
    return TimeRange(start: max(0, min(start ?? end, end - 1)), end: end)
  }

  /// The parts of a range; nil where nobody asks for them.
  ///
  /// - Throws: `tooManyBuckets`.
  func buckets(of range: TimeRange, _ size: BucketSize) throws(AnalyticsFailure) -> Buckets? {
    guard hasSeries else { return nil }
    guard let buckets = Buckets(range, size, in: zone) else { throw .tooManyBuckets }
    return buckets
  }
}
