import Foundation
import TestSupport

/// A drill's way across the seam: from the tables by short code to those by link.
///
/// Before the load the stack's ClickHouse gets the tables of the release before, with clicks of the
/// drill's links. The relay stands still until the harm begins, so the consumer crosses the seam under
/// that harm. The carry works slowly meanwhile, and without a limit when the harm is over.
struct Seam {
  /// Whether every drill shall go across it: SEAM=1.
  static let isAsked = ProcessInfo.processInfo.environment["SEAM"] == "1"
  /// Rows a second while the harm goes on: the carry lasts as long as most drills.
  static let slowRate = 400
  /// How many seconds the carry may take after the harm.
  private static let carrySeconds = 240.0

  /// What a drill brings about by itself.
  enum Plan {
    /// The crossing: it calls `cross`.
    case crosses
    /// The migration, too.
    case migrates
  }

  let clicks: OldClicks
  /// The counts that lack the last batch.
  let lacking: OldGate.Targets
  let store: OldClickHouse
  /// What the names count for that no link has.
  let scopes: [String: UInt64]
  private let reader: SeamReader

  /// Makes the old tables, with clicks, while nobody stores any.
  ///
  /// - Parameters:
  ///   - links: Whose clicks they are.
  ///   - oracle: Told of each.
  ///   - plan: What the drill brings about by itself.
  ///   - random: Chooses what the last batch lacks.
  /// - Throws: When the stack can't be brought to it.
  init(
    of links: Links, _ oracle: Oracle, _ plan: Plan?, _ random: inout SplitMix64
  ) throws {
    try CarryProgram.stop()
    let store = OldClickHouse(at: try TestStack.value("CLICKHOUSE_URL"))
    let clicks = OldClicks(of: links)
    let lacking = OldGate.Targets(rawValue: UInt8.random(in: 1...15, using: &random))
    scopes = try Component.consumer.whileStopped {
      try Self.makeSchema(store)
      try store.openGate()
      try store.store(clicks.whole)
      try store.store(clicks.last, counts: .counts.subtracting(lacking))
      let scopes = try clicks.scopesOfNames()
      if plan != .migrates { try Self.migrate() }
      return scopes
    }
    for click in clicks.whole + clicks.last { OldClicks.tell(oracle, click) }
    reader = SeamReader(clicks.quiet, clicks.whole.filter { $0.code == clicks.quiet })
    (self.store, self.clicks, self.lacking) = (store, clicks, lacking)
    try CarryProgram.run(rate: Self.slowRate)
  }

  /// Puts the database back to the release before.
  private static func makeSchema(_ store: OldClickHouse) throws {
    let url = try TestStack.value("CLICKHOUSE_URL")
    var refusal = try ClickHouseClient.dropDatabase(at: url)
    for _ in 0..<3 where refusal != nil {
      try Supervisor.restart("engines:clickhouse")
      usleep(3_000_000)
      refusal = try ClickHouseClient.dropDatabase(at: url)
    }
    if let refusal { throw DrillError("ClickHouse does not drop the database: \(refusal)") }
    let directory = try ScratchDirectory("seam")
    try OldClickHouse.copyMigrations(to: directory.path)
    try migrate("--directory", directory.path)
  }

  static func migrate(_ arguments: String...) throws {
    try Command.check(
      try TestStack.value("SWIFTLET_BIN") + "/swiftlet", ["migrate"] + arguments)
  }

  /// Lets no click reach the consumer until `cross`.
  ///
  /// Among those that will are those of the last old batch, which nobody has acknowledged.
  func hold(_ oracle: Oracle) throws {
    for pid in StackProcesses.pids(of: ["relay"]) { Glibc.kill(pid, SIGSTOP) }
    var clicks = clicks
    clicks.appendNew(50, to: oracle)
    try clicks.journal.plant(as: clicks.journalName)
    reader.start()
  }

  /// Lets the clicks reach the consumer, which takes over across the seam.
  func cross() {
    for pid in StackProcesses.pids(of: ["relay"]) { Glibc.kill(pid, SIGCONT) }
  }

  /// The same some seconds later, while the caller does something.
  func cross(in seconds: Double) {
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { cross() }
  }

  /// Whether the consumer has come across, as far as ClickHouse can be asked.
  var isBehind: Bool { ((try? Tables.lastOldBatch()) ?? nil) != nil }

  /// Lets the carry do the rest, and waits until the old tables are gone.
  func complete(_ scene: inout Scene) throws {
    try CarryProgram.run(rate: 0)
    let began = Date()
    var isDone = false
    while !isDone, Date().timeIntervalSince(began) < Self.carrySeconds {
      scene.pause(0.2)
      isDone = (try? Tables.isCarried() && Tables.old().isEmpty) ?? false
    }
    if isDone {
      scene.notes.append("carried \(Int(Date().timeIntervalSince(began))) s later")
    } else {
      scene.complaints.append("not carried within \(Int(Self.carrySeconds)) s")
    }
  }

  /// Ends it, whatever has come of the drill.
  func end() throws {
    cross()
    reader.stop()
    try CarryProgram.withdraw()
  }

  /// What was wrong in an answer meanwhile.
  func check(_ scene: inout Scene) {
    scene.complaints += reader.faults.prefix(5)
    scene.notes.append("/stats across the seam right \(reader.right) times")
    if reader.right == 0 { scene.complaints.append("/stats told no count across the seam") }
  }
}
