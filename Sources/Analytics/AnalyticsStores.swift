import Sessions

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

extension AnalyticsStores {
  /// A set without the visits that somebody has asked to delete.
  func kept(of set: VisitSet, by deadline: Int64) throws(AnalyticsFailure) -> KeptVisits {
    let kept = try visits.reading { () throws(StoreError) in
      try reports.kept(of: set, by: deadline)
    }
    guard let kept else { throw .tooManyDeletions }
    return kept
  }
}
