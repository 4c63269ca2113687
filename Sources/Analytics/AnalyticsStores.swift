/// What the questions about visits are answered from.
package struct AnalyticsStores {
  package let statistics: StatsLookup
  package let visits: VisitLists
  package let reports: ReportStore

  package init(statistics: StatsLookup, visits: VisitLists, reports: ReportStore) {
    self.statistics = statistics
    self.visits = visits
    self.reports = reports
  }
}
