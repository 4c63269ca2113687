package import Metrics
package import Service

/// Reads all numbers that an operator is told, at the moment it is asked.
package struct Instruments: Sendable {
  private let directory: JournalDirectory
  private let journalLimit: Int
  private let topology: ClickTopology

  package init(_ settings: Settings) {
    directory = JournalDirectory(settings.journalDirectory)
    journalLimit = settings.journalMaxBytes
    topology = ClickTopology(queue: settings.clickQueue)
  }

  package func read() -> Readings {
    Readings(
      time: SystemClock.milliseconds(), totals: MetricsFolder(directory).totals(),
      journals: try? directory.depth(), journalLimit: journalLimit,
      droppedClicks: DropCounter.total(in: directory),
      queues: [.clicks: topology.queue, .dead: topology.deadQueue], version: Program.version)
  }

  /// Whether clicks get to the broker: fails once one has waited for longer than a healthy relay ever
  /// lets it, long before the journals are full.
  package func checkRelay() throws(StoreError) {
    let readings = read()
    guard readings.isRelayBehind else { return }
    throw StoreError(
      .journal, .unavailable, during: "look at the relay's progress",
      "the oldest click has waited for \((readings.lagMilliseconds ?? 0) / 1000) s")
  }
}
