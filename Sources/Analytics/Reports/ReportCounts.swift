import API
import Text
import Visits

/// What was counted in a range of time.
struct ReportCounts: Equatable, Sendable {
  var clicks = 0
  var bots = 0
  /// Different addresses of people; nil where there are too many clicks to tell them apart.
  var visitors: Int?
  /// The second of the last click.
  var last: Int64?

  static let sample = ReportCounts(clicks: 3, bots: 1, visitors: 2, last: 1_790_000_000)

  func write(to writer: inout FieldWriter) {
    write(countsTo: &writer)
    writer.nullable(
      "visitors", visitors, .count(sample: 2),
      "Different addresses of people, right within `visitorsError`; null beyond 20 million clicks.")
    writer.nullable(
      "visitorsError", visitors.map(VisitorSketch.error), .count(sample: 0),
      "How far `visitors` may be from the truth.")
    writer.nullable(
      "lastClick", last.map { $0 * 1000 }, .time, "When the last of the clicks was; null without.")
  }

  func write(countsTo writer: inout FieldWriter) {
    writer.field("clicks", clicks, .count(sample: 3), "Clicks; of people alone, or all of them.")
    writer.field("bots", bots, .count(sample: 1), "Clicks of programs.")
  }
}

/// Clicks by the host that they came from.
struct ReferrerCounts: Equatable, Sendable {
  struct Row: Equatable, Sendable {
    let host: String
    let counts: ReportCounts
  }

  /// Those with the most clicks, the most first.
  var rows: [Row] = []
  /// How many hosts there are.
  var distinct = 0
  var direct = ReportCounts()
  var other = ReportCounts()

  static let sample = ReferrerCounts(
    rows: [Row(host: "news.example", counts: .sample)], distinct: 1)

  func write(to writer: inout FieldWriter) {
    writer.list("rows", rows, atMost: 1000, "Hosts with the most clicks, the most first.") {
      row, writer in
      writer.field("key", row.host, .text(sample: ""), "The host.")
      row.counts.write(countsTo: &writer)
    }
    writer.field("distinct", distinct, .count(sample: 1), "How many hosts there are.")
    writer.object("direct", "Clicks without a referrer, or with one that has no host.") {
      direct.write(countsTo: &$0)
    }
    writer.object("other", "Clicks from the hosts that have no row.") {
      other.write(countsTo: &$0)
    }
  }
}
