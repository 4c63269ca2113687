/// What the questions about visits are answered from.
package struct AnalyticsStores {
  package let statistics: StatsLookup

  package init(statistics: StatsLookup) {
    self.statistics = statistics
  }
}
