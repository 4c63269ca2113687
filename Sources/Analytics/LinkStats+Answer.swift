package import API
import Links
import Text
package import Visits

/// The answer of `GET /stats/{short_code}`.
extension LinkStats: JSONObjectAnswer {
  package static let schemaName = "Stats"
  package static let summary = "The counts; zeros for a link without clicks."
  package static let sample = LinkStats(
    slug: FieldType.slug.sample, totalClicks: 3, humanClicks: 2, directClicks: 1, uniqueVisitors: 2,
    lastClicked: 1_795_376_940,
    days: [Day(date: "2026-11-22", clicks: 2), Day(date: "2026-11-20", clicks: 1)],
    topReferrers: [Referrer(referrer: "news.example", clicks: 2)])

  package func write(to writer: inout FieldWriter) {
    writer.field("short_code", slug, .slug)
    writer.field(
      "total_clicks", totalClicks, .count(sample: 3), "All clicks, of people and of bots.")
    writer.field("human_clicks", humanClicks, .count(sample: 2), Self.humanSummary)
    writer.field(
      "unique_visitors", uniqueVisitors, .count(sample: 3),
      "Different addresses of people, right within unique_visitors_error.")
    writer.field("unique_visitors_error", uniqueVisitorsError, .count(sample: 3), Self.errorSummary)
    writer.nullable(
      "last_clicked", lastClicked.map { RFC3339.string(seconds: $0) }, .dateTime)
    writer.list(
      "clicks_by_day", days, "Days (UTC) with clicks, newest first."
    ) { day, writer in
      writer.field("date", day.date, .date)
      writer.field("clicks", day.clicks, .count(from: 1, sample: 2))
    }
    writer.field(
      "direct_clicks", directClicks, .count(sample: 1),
      "Clicks without a referrer, or with one that is no http or https URL.")
    writer.list(
      "top_referrers", topReferrers, atMost: 10, Self.referrersSummary
    ) { referrer, writer in
      writer.field("referrer", referrer.referrer, .referrer, Self.referrerSummary)
      writer.field("clicks", referrer.clicks, .count(from: 1, sample: 2))
    }
  }

  private static let errorSummary = """
    How far unique_visitors may be from the truth, a number of visitors: 0 up to 2048 visitors; 4 up to \
    64000, since addresses are told apart by 32-bit hashes; above that 2 %, since a sample of the \
    hashes is counted. 999 of 1000 answers are at least this close.
    """
  private static let referrersSummary = """
    The ten hosts with the most clicks. Clicks without a host are in direct_clicks.
    """
  private static let humanSummary = """
    Clicks of people, as far as the user agent tells: crawlers, link previews, monitors, libraries and \
    requests without a user agent are bots. Clicks from before bots were told apart count as people's.
    """
  private static let referrerSummary = """
    The referrer's host in lower case, without user info, port, path and query; an IPv6 address in \
    brackets.
    """
}

extension FieldType<String> {
  fileprivate static var referrer: FieldType {
    .text(
      pattern: #"^([0-9a-z_-]+([.][0-9a-z_-]+)*|\[[0-9a-f:.]+\])$"#, atMost: 253,
      sample: "news.example")
  }
}
