import Clicks
package import Metrics
package import Service

/// Reads all of an operator's numbers at the moment of the question.
///
/// Only the journals' figures may be some seconds old, since their cost grows with the journals.
package struct MetricsReader {
  package let directory: JournalDirectory
  package let state: StateDirectory
  private let journals: SharedDepth
  private let journalLimit: Int
  private let topology: ClickTopology
  /// The age of the invalidator's last beat on this host, in milliseconds; nil without one.
  package let beatAge: () -> Int64?

  /// - Parameters:
  ///   - settings: The installation's settings.
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

  /// The warnings that need no look at the journals.
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
    snapshot.lastDrop = DropCounter.lastChange(in: state)
    return snapshot
  }
}
