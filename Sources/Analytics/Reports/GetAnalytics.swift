package import API
package import Access
package import Metrics
import Service
import Sessions
package import Web

/// `GET /rest/v3/analytics`: clicks of links, added up.
package struct GetAnalytics: Operation {
  package typealias Input = ReportQuestion
  package typealias Output = Report
  package typealias Failure = AnalyticsFailure
  package typealias Stores = AnalyticsStores

  package static let route = Route.get("/rest/v3/analytics")
  package static let permission = Permission.read(.visits)
  package static let topic = Topic.visits
  package static let summary = "Add up clicks"
  package static let details = """
    Of a link, a tag, a domain, of what met no link, or of everything; of several of these to compare them. \
    Days are those of a time zone, also where they have 23 or 25 hours. Visits that are deleted don't count.
    """
  package static let problems: [ProblemType] = [
    .Shlink.shortURLNotFound, .Shlink.tagNotFound, .Shlink.domainNotFound, .tooManyLinks,
  ]
  package static let endpoint = Endpoint.visits

  package init() {}

  package func input(from reader: inout InputReader) -> ReportQuestion {
    ReportQuestion(from: &reader)
  }

  package func perform(
    _ question: ReportQuestion, for caller: Caller, in stores: AnalyticsStores
  ) throws(AnalyticsFailure) -> Report {
    let reports = stores.reports
    // One for all questions, to both stores.
    let deadline = reports.deadline()
    let visits = stores.visits.answering(by: deadline)
    let now = SystemClock.milliseconds() / 1000
    var scopes: [(scope: ReportScope, kept: KeptVisits)] = []
    let sets = try question.scopes.map { scope throws(AnalyticsFailure) in
      try visits.set(of: scope, for: caller)
    }
    for (scope, set) in zip(question.scopes, sets) {
      scopes.append((scope, try stores.kept(of: set, by: deadline)))
    }
    let range = try visits.reading { () throws(StoreError) in
      try question.range(at: now) { () throws(StoreError) in
        try reports.first(of: scopes.map(\.kept), by: deadline)
      }
    }
    let previous = question.comparesWithPrevious ? range.previous(in: question.zone) : nil
    let size = question.bucket ?? BucketSize(for: range)
    let buckets = try question.buckets(of: range, size)
    let previousBuckets = try previous.flatMap { previous throws(AnalyticsFailure) in
      try question.buckets(of: previous, size)
    }
    let excludesBots = question.excludesBots
    return try visits.reading { () throws(StoreError) in
      var items: [Report.Item] = []
      for (scope, kept) in scopes {
        items.append(
          Report.Item(
            scope: scope,
            part: try reports.part(
              of: kept, in: range, buckets, excludesBots: excludesBots, by: deadline),
            previous: try previous.map { previous throws(StoreError) in
              try reports.part(
                of: kept, in: previous, previousBuckets, excludesBots: excludesBots, by: deadline)
            },
            referrers: question.breakdowns.contains(.referrer)
              ? try reports.referrers(
                of: kept, in: range, excludesBots: excludesBots, atMost: question.limit,
                by: deadline
              )
              : nil))
      }
      return Report(
        range: range, previousRange: previous, zone: question.zone, size: size, items: items,
        asOf: now)
    }
  }
}
