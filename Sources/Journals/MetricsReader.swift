import Clicks
package import Metrics
package import Service

/// Reads all numbers that an operator is told, at the moment it is asked.
///
/// Only the journals' figures may be some seconds old, since what they cost grows with the journals.
package struct MetricsReader {
  package let directory: JournalDirectory
  package let state: StateDirectory
  private let journals: SharedDepth
  private let journalLimit: Int
  private let topology: ClickTopology
  /// How old the beat of this host's invalidator is, in milliseconds; nil without one.
  package let beatAge: () -> Int64?

  /// - Parameters:
  ///   - settings: Where everything is.
  ///   - beatAge: See `beatAge`.
  package init(_ settings: Settings, beatAge: @escaping () -> Int64?) {
    self.beatAge = beatAge
    let directory = JournalDirectory(settings.journalDirectory)
    let state = StateDirectory(settings)
    self.directory = directory
    self.state = state
    journals = SharedDepth(state) { try? directory.depth(state) }
    journalLimit = settings.journalMaxBytes
    topology = ClickTopology(queue: settings.clickQueue)
  }

  package func read() -> MetricsSnapshot { read(MetricsDirectory(state).totals()) }

  /// What somebody should look at, without a look at the journals.
  package var remarks: [String] {
    MetricsSnapshot.remarks(
      on: MetricsDirectory(state).totals(), at: SystemClock.milliseconds(), beatAge: beatAge())
  }

  package func read(_ totals: Totals) -> MetricsSnapshot {
    var snapshot = MetricsSnapshot(
      time: SystemClock.milliseconds(), totals: totals, journals: journals.value(),
      journalLimit: journalLimit, droppedClicks: DropCounter.total(in: state),
      queues: [.clicks: topology.queue, .dead: topology.deadQueue], version: Program.version)
    snapshot.beatAgeMilliseconds = beatAge()
    return snapshot
  }
}
