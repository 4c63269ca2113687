extension MetricsSnapshot {
  /// Changes of links, on their way to all caches.
  func dispatcher(_ page: inout OpenMetricsPage) {
    let counters: [(name: String, counter: Counter, help: String)] = [
      (
        "announced_changes", .announcedChanges,
        "Changes of links announced when they were due; each is due twice."
      ),
      (
        "reannounced_changes", .reannouncedChanges,
        "Changes announced again, because another Redis answers."
      ),
      ("failures", .announcementFailures, "Requests to Redis that failed."),
      ("copied_totals", .copiedTotals, "Visits totals of links copied from ClickHouse."),
      (
        "totals_failures", .totalsFailures,
        "Questions to ClickHouse for totals that failed, and minutes of a deletion that doesn't end."
      ),
    ]
    for (name, counter, help) in counters {
      page.single(
        "swiftlet_dispatcher_" + name, .counter, help: help,
        "\(totals.count(counter, .dispatcher))")
    }
    guard let active = totals.gauge(.isDispatching, .dispatcher) else { return }
    page.single(
      "swiftlet_dispatcher_active", .gauge,
      help: "1 while this host's dispatcher is the active one of all hosts.", "\(active)")
    if let wanted = totals.gauge(.titlesWanted, .dispatcher) {
      page.single(
        "swiftlet_dispatcher_wanted_titles", .gauge,
        help: "Links whose titles are to be read; 10000 stands for more.", "\(wanted)")
    }
    let state = DispatchState(totals, at: time)
    guard let due = state.due else { return }
    page.single(
      "swiftlet_dispatcher_due_changes", .gauge,
      help: "Changes that are due and not announced; 10000 stands for more.", "\(due)")
    page.single(
      "swiftlet_dispatcher_oldest_due_seconds", .gauge, unit: "seconds",
      help: "For how long the oldest of these changes has been due.",
      OpenMetricsWriter.decimal(UInt64(clamping: state.dueMilliseconds ?? 0), places: 3))
  }
}
