extension MetricsSnapshot {
  /// Old clicks, on their way into the table by link.
  func carry(_ page: inout OpenMetricsPage) {
    let counters: [(name: String, counter: Counter, help: String)] = [
      ("clicks", .carriedClicks, "Old clicks copied into the table by link."),
      (
        "differences", .carryDifferences,
        "How often a carry stopped because an old table and its copy differ."
      ),
    ]
    for (name, counter, help) in counters {
      page.single(
        "swiftlet_carry_" + name, .counter, help: help, "\(totals.count(counter, .carry))")
    }
    let gauges: [(name: String, gauge: Gauge, help: String)] = [
      ("remaining_clicks", .carryRemainingClicks, "Old clicks not yet carried."),
      (
        "waiting", .isCarryWaiting,
        "Carries that wait for an engine, another carry, or the first click after an update."
      ),
    ]
    for (name, gauge, help) in gauges {
      guard let value = totals.gauge(gauge, .carry) else { continue }
      page.single("swiftlet_carry_" + name, .gauge, help: help, "\(value)")
    }
  }
}
