/// What the questions about visits are answered from.
package struct AnalyticsStores {
  package let statistics: StatsLookup
  package let visits: VisitLists

  package init(statistics: StatsLookup, visits: VisitLists) {
    self.statistics = statistics
    self.visits = visits
  }
}
