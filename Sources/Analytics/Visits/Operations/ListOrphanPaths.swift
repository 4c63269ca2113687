package import API
package import Access
package import Metrics
import Sessions
import Web

/// `GET /rest/v3/visits/orphan/paths`: the paths at which visits met no link.
package struct ListOrphanPaths: Operation {
  package typealias Input = OrphanPathQuestion
  package typealias Output = OrphanPathList
  package typealias Failure = AnalyticsFailure
  package typealias Stores = AnalyticsStores

  package static let route = Route.get("/rest/v3/visits/orphan/paths")
  package static let permission = Permission.read(.visits)
  package static let topic = Topic.visits
  package static let summary = "List the paths at which visits met no short URL"
  package static let details = """
    By path, type and domain, those with the most visits first. Visits of a flood that are only counted have no \
    path. A key with the role NO_ORPHAN_VISITS gets an empty list.
    """
  package static let endpoint = Endpoint.visits

  package init() {}

  package func input(from reader: inout InputReader) -> OrphanPathQuestion {
    OrphanPathQuestion(from: &reader)
  }

  package func perform(
    _ question: OrphanPathQuestion, for caller: Caller, in stores: AnalyticsStores
  ) throws(AnalyticsFailure) -> OrphanPathList {
    let types = question.type.map { [$0] } ?? OrphanType.allCases
    let visits = stores.visits
    let set =
      if let domain = question.domain {
        try visits.orphans(types, in: domain, for: caller)
      } else {
        try visits.orphans(types, for: caller)
      }
    let deadline = stores.reports.deadline()
    let kept = try stores.kept(of: set, by: deadline)
    return try visits.reading { () throws(StoreError) in
      let (rows, total) = try stores.reports.paths(of: kept, question, by: deadline)
      let names = try visits.links.authorities(of: rows.map(\.domain))
      return OrphanPathList(
        paths: rows.map { row in
          OrphanPath(
            type: row.type, path: row.path,
            domain: names[row.domain].flatMap { $0.isEmpty ? nil : $0 }, visits: row.visits,
            bots: row.bots, last: row.last)
        },
        pagination: Pagination(question.page, count: rows.count, total: total, nextCursor: nil))
    }
  }
}
