package import API
package import Metrics

/// The state of a host: its health, and where its clicks and changes are on their way.
package struct HostStatus: JSONObjectAnswer {
  private let health: HealthReport
  private let snapshot: MetricsSnapshot
  /// Whether every field is written, for the description.
  private let isSample: Bool

  package init(health: HealthReport, snapshot: MetricsSnapshot) {
    self.init(health, snapshot, isSample: false)
  }

  private init(_ health: HealthReport, _ snapshot: MetricsSnapshot, isSample: Bool) {
    self.health = health
    self.snapshot = snapshot
    self.isSample = isSample
  }

  package static let schemaName = "HostStatus"
  package static let summary = "The state of the host that answers."
  package static let sample = HostStatus(
    .sample,
    MetricsSnapshot(
      time: 1_790_000_000_000, totals: Totals(), journals: MetricsSnapshot.Journals(),
      journalLimit: 1 << 30, droppedClicks: 0, queues: [:], version: "1.0.0"), isSample: true)

  package func write(to writer: inout FieldWriter) {
    writer.field("time", snapshot.time, .time, "When the numbers were read.")
    writer.field("version", snapshot.version, .text(sample: ""), "That of the programs.")
    writer.object("health", "The answer of `/health`.") { health.write(to: &$0) }
    writer.object("journal", "Clicks that are written and not published yet.") {
      writeJournal(to: &$0)
    }
    writer.object("queue", "Clicks that are published, as the relay last saw them.") {
      writeQueue(to: &$0)
    }
    writer.object("consumer", "Clicks that are being stored, and those that are stored.") {
      writeConsumer(to: &$0)
    }
    writer.object("changes", "Changes of links that are to be announced.") {
      writeChanges(to: &$0)
    }
    let roles = Role.allCases.filter { isSample || totals.processes($0) > 0 }
    writer.map(
      "programs", roles.map { ($0.rawValue, $0) }, "The programs that live on this host."
    ) { role, writer in
      writer.field("processes", totals.processes(role), .count(sample: 2), "How many live.")
      writer.nullable(
        "oldestStart", totals.started(role)?.lowerBound, .time, "When the oldest of them began.")
    }
  }

  private var totals: Totals { snapshot.totals }

  private func writeJournal(to writer: inout FieldWriter) {
    let journals = snapshot.journals
    writer.nullable(
      "files", journals?.files, .count(sample: 2), "How many there are; null when unreadable.")
    writer.nullable("bytes", journals?.bytes, .count(sample: 4096), "Their size.")
    writer.field(
      "limitBytes", snapshot.journalLimit, .count(sample: 1 << 30),
      "JOURNAL_MAX_BYTES: beyond it clicks are dropped.")
    writer.nullable(
      "unconfirmedBytes", journals?.unconfirmedBytes, .count(sample: 0),
      "What the broker hasn't confirmed.")
    writer.nullable(
      "oldestSeconds", snapshot.lagMilliseconds.map { Int($0) }, .thousandths(sample: 12),
      "The age of the oldest unconfirmed click; null without any.")
    writer.field(
      "droppedClicks", snapshot.droppedClicks, .count(sample: 0),
      "Clicks that could not be written and are lost.")
  }

  private func writeQueue(to writer: inout FieldWriter) {
    writer.nullable(
      "messages", gauge(.messages(.clicks), .relay), .count(sample: 0), "Those ready.")
    writer.nullable(
      "consumers", gauge(.consumers(.clicks), .relay), .count(sample: 1), "Who takes them.")
    writer.nullable(
      "unconsumedSeconds", snapshot.unconsumedMilliseconds.map { Int($0) }, .thousandths(sample: 0),
      "For how long messages have had no consumer; null while they have one.")
    writer.nullable(
      "deadLetters", gauge(.messages(.dead), .relay), .count(sample: 0),
      "Messages that can't be stored.")
    writer.nullable(
      "relayConnected", gauge(.isConnected, .relay).map { $0 > 0 }, .boolean,
      "Whether the relay has its broker; null without a relay.")
  }

  private func writeConsumer(to writer: inout FieldWriter) {
    writer.nullable(
      "connected", gauge(.isConnected, .consumer).map { $0 > 0 }, .boolean,
      "Whether it has its broker; null without a consumer.")
    writer.field(
      "refused", gauge(.isRefused, .consumer) ?? 0 > 0, .boolean,
      "Whether ClickHouse refuses it until somebody mends what its log names.")
    writer.nullable(
      "unstoredSeconds", snapshot.storingLagMilliseconds.map { Int($0) }, .thousandths(sample: 0),
      "How long the oldest delivered click has waited to be stored; null without a consumer.")
    writer.field(
      "storedClicks", Int(clamping: totals.count(.rows, .consumer)), .count(sample: 3),
      "Clicks stored by this host since its state directory was made.")
    writer.nullable(
      "lastStored", totals.latest(.batchStored, .consumer), .time,
      "When clicks were last stored; null for never.")
  }

  private func writeChanges(to writer: inout FieldWriter) {
    let state = DispatchState(totals, at: snapshot.time)
    writer.field(
      "active", state.isActive, .boolean, "Whether this host's dispatcher announces them for all.")
    writer.nullable("due", state.due.map { Int($0) }, .count(sample: 0), "How many are due.")
    writer.nullable(
      "dueSeconds", state.dueMilliseconds.map { Int($0) }, .thousandths(sample: 0),
      "For how long the first has been due; null without any.")
    writer.nullable(
      "heardSeconds", snapshot.beatAgeMilliseconds.map { Int($0) }, .thousandths(sample: 100),
      "How old the last beat is up to which this host has heard all changes; null without one.")
  }

  private func gauge(_ gauge: Gauge, _ role: Role) -> Int? {
    totals.gauge(gauge, role).map { Int(clamping: $0) }
  }
}
