extension MetricsSnapshot {
  /// Changes of links, as this host hears them.
  func invalidator(_ page: inout OpenMetricsPage) {
    let counters: [(name: String, counter: Counter, help: String)] = [
      ("announcements", .announcementsHeard, "Messages that announced changes of links."),
      ("names", .namesHeard, "Names of links in these messages."),
      ("reconnections", .reconnections, "Connections to Redis after the first one of a process."),
      (
        "full_invalidations", .fullInvalidations,
        "How often all links that the host remembers were marked as old."
      ),
    ]
    for (name, counter, help) in counters {
      page.single(
        "swiftlet_invalidator_" + name, .counter, help: help,
        "\(totals.count(counter, .invalidator))")
    }
    if let connected = totals.gauge(.isConnected, .invalidator) {
      page.single(
        "swiftlet_invalidator_connected", .gauge,
        help: "1 while the invalidator is connected to its channel.",
        "\(connected)")
    }
    page.single(
      "swiftlet_invalidator_beat_age_seconds", .gauge, unit: "seconds",
      help:
        "For how long changes of links may have gone unheard on this host; +Inf without a beat.",
      beatAgeMilliseconds.map { OpenMetricsWriter.decimal(UInt64(clamping: $0), places: 3) }
        ?? "+Inf")
  }
}
