package import API

/// The operations on visits: the list that HTTP, the command line and the API's description read.
package enum AnalyticsOperations {
  package static let all: [any Operation<AnalyticsStores>] = [
    GetStatistics(),
    GetAnalytics(),
    CountVisits(),
    ListVisits(),
    ListOrphanVisits(),
    ListOrphanPaths(),
    ListLinkVisits(),
    ListTagVisits(),
    ListDomainVisits(),
    DeleteLinkVisits(),
    DeleteOrphanVisits(),
  ]
}
