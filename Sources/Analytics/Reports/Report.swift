package import API

/// The answer of `GET /rest/v3/analytics`.
package struct Report: JSONObjectAnswer, Equatable {
  /// What was counted of one scope in one range.
  struct Part: Equatable, Sendable {
    var total = ReportCounts()
    /// The first second of each bucket and its counts; nil where nobody asks for them.
    var series: [Bucket]?
  }

  struct Bucket: Equatable, Sendable {
    let start: Int64
    var counts = ReportCounts()
  }

  /// All that is told of one scope.
  struct Item: Equatable, Sendable {
    let scope: ReportScope
    let part: Part
    /// That of the range before; nil where nobody asks for it.
    let previous: Part?
    let referrers: ReferrerCounts?
  }

  let range: TimeRange
  let previousRange: TimeRange?
  let zone: Zone
  let size: BucketSize
  let items: [Item]
  /// The second of the answer.
  let asOf: Int64

  package static let schemaName = "Analytics"
  package static let summary = "The counts, one element for each scope."
  package static var sample: Report {
    let end: Int64 = 1_789_999_200
    let range = TimeRange(start: end - 3600, end: end)
    let part = Part(total: .sample, series: [Bucket(start: range.start, counts: .sample)])
    return Report(
      range: range, previousRange: range.previous(in: .utc), zone: .utc, size: .hour,
      items: [Item(scope: .all, part: part, previous: part, referrers: .sample)], asOf: end)
  }

  package func write(to writer: inout FieldWriter) {
    writer.object("range", "The range that was counted.") { writer in
      write(range, to: &writer)
      writer.field("timezone", zone.name, .text(sample: "UTC"), "The zone of all days.")
      writer.field("bucket", size, .word(sample: .hour), "How long the parts of a series are.")
    }
    writer.sometimes { writer in
      guard let previousRange else { return }
      writer.object("previousRange", "The range before, where it is asked for.") {
        write(previousRange, to: &$0)
      }
    }
    writer.list("data", items, atMost: ReportScope.limit, "In the order of the request.") {
      item, writer in write(item, to: &writer)
    }
    writer.field(
      "asOf", asOf * 1000, .time, "When it was counted; a click shows up in about a second.")
  }

  private func write(_ item: Item, to writer: inout FieldWriter) {
    writer.object("scope", "Whose clicks these are.") { item.scope.write(to: &$0) }
    writer.object("total", "All of the range.") { item.part.total.write(to: &$0) }
    writer.sometimes { writer in
      if let previous = item.previous {
        writer.object("previous", "All of the range before.") { previous.total.write(to: &$0) }
      }
      write("series", item.part.series, "The parts of the range; all are there.", to: &writer)
      write(
        "previousSeries", item.previous?.series, "The parts of the range before.", to: &writer)
      guard let referrers = item.referrers else { return }
      writer.object("breakdowns", "By what was asked for.") { writer in
        writer.object("referrer", "By the host that visitors came from.") {
          referrers.write(to: &$0)
        }
      }
    }
  }

  private func write(_ range: TimeRange, to writer: inout FieldWriter) {
    writer.field("start", zone.text(of: range.start), .dateTime, "Its first moment.")
    writer.field("end", zone.text(of: range.end), .dateTime, "The moment behind it.")
  }

  private func write(
    _ name: String, _ series: [Bucket]?, _ summary: String, to writer: inout FieldWriter
  ) {
    guard let series else { return }
    writer.list(name, series, atMost: Buckets.limit, summary) { bucket, writer in
      writer.field("start", zone.text(of: bucket.start), .dateTime, "Its first moment.")
      bucket.counts.write(countsTo: &writer)
    }
  }
}
