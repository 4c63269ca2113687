package import Metrics
package import Service

/// Reads all numbers that an operator is told, at the moment it is asked.
package struct Instruments: Sendable {
  private let directory: JournalDirectory
  private let state: StateDirectory
  private let journalLimit: Int
  private let topology: ClickTopology

  package init(_ settings: Settings) {
    directory = JournalDirectory(settings.journalDirectory)
    state = StateDirectory(settings)
    journalLimit = settings.journalMaxBytes
    topology = ClickTopology(queue: settings.clickQueue)
  }

  package func read() -> Readings { read(MetricsFolder(state).totals()) }

  /// What somebody should look at, without a look at the journals.
  package var remarks: [String] {
    Readings.remarks(on: MetricsFolder(state).totals())
  }

  private func read(_ totals: Totals) -> Readings {
    Readings(
      time: SystemClock.milliseconds(), totals: totals, journals: try? directory.depth(state),
      journalLimit: journalLimit, droppedClicks: DropCounter.total(in: state),
      queues: [.clicks: topology.queue, .dead: topology.deadQueue], version: Program.version)
  }

  /// Whether clicks get to the broker: fails once one has waited for longer than a healthy relay ever
  /// lets it, long before the journals are full.
  package func checkRelay() throws(StoreError) {
    let readings = read(Totals())
    guard readings.isRelayBehind else { return }
    throw StoreError(
      .journal, .unavailable, during: "look at the relay's progress",
      "the oldest click has waited for \((readings.lagMilliseconds ?? 0) / 1000) s")
  }

  /// Whether clicks get from the broker into ClickHouse: fails once one has waited for longer than a
  /// healthy consumer ever lets it, or messages have had no consumer for as long.
  package func checkConsumer() throws(StoreError) {
    let readings = Readings(
      time: SystemClock.milliseconds(), totals: MetricsFolder(state).totals(), journals: nil,
      journalLimit: journalLimit, droppedClicks: 0, queues: [:], version: Program.version)
    guard readings.isConsumerBehind else { return }
    let lag = max(readings.storingLagMilliseconds ?? 0, readings.unconsumedMilliseconds ?? 0)
    throw StoreError(
      .clickHouse, .unavailable, during: "look at the consumer's progress",
      "clicks have waited for \(lag / 1000) s")
  }
}
