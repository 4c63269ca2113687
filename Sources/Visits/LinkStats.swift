package import Links

/// The statistics of one link.
package struct LinkStats: Equatable, Sendable {
  package struct Day: Equatable, Sendable {
    /// In UTC, as RFC 3339's full-date: `2026-11-22`.
    package let date: String
    package let clicks: Int

    package init(date: String, clicks: Int) {
      self.date = date
      self.clicks = clicks
    }
  }

  package struct Referrer: Equatable, Sendable {
    /// A host in lower case, without a port; `[2001:db8::1]` for an IPv6 address.
    package let referrer: String
    package let clicks: Int

    package init(referrer: String, clicks: Int) {
      self.referrer = referrer
      self.clicks = clicks
    }
  }

  package let slug: Slug
  package let totalClicks: Int
  /// The clicks of people; those from before bots were told apart count as people's.
  package let humanClicks: Int
  /// The clicks without a referrer that is a web page.
  package let directClicks: Int
  /// The number of different addresses among the clicks of people.
  package let uniqueVisitors: Int
  /// Seconds since 1970; nil without a click.
  package let lastClicked: Int64?
  /// Newest first; days without a click are left out.
  package let days: [Day]
  /// Most clicks first, ten at most.
  package let topReferrers: [Referrer]

  package init(
    slug: Slug, totalClicks: Int = 0, humanClicks: Int = 0, directClicks: Int = 0,
    uniqueVisitors: Int = 0, lastClicked: Int64? = nil,
    days: [Day] = [], topReferrers: [Referrer] = []
  ) {
    self.slug = slug
    self.totalClicks = totalClicks
    self.humanClicks = humanClicks
    self.directClicks = directClicks
    self.uniqueVisitors = uniqueVisitors
    self.lastClicked = lastClicked
    self.days = days
    self.topReferrers = topReferrers
  }

  /// How far `uniqueVisitors` may be from the truth, in visitors; 0 where it is exact.
  package var uniqueVisitorsError: Int { VisitorSketch.error(of: uniqueVisitors) }

  /// Whether nobody has clicked, as far as is counted; then it may be no link at all.
  package var isEmpty: Bool { totalClicks == 0 }
}
