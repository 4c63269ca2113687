import ClickHouse
import Clicks
import EngineSupport
import Journals
import Links
import Service
import TestSupport
import XCTest

/// A link whose clicks cross the seam, with traffic, and two readers who hold every answer against what
/// is stored.
final class SeamScene {
  let bench: Workbench
  let slug: Slug
  let link: SnowflakeID
  /// One that keeps its connection, and one that knows nothing at each question, like a new worker.
  let readers: [StatsReader]
  private let journal: ClickJournal
  /// Clicks from before the seam.
  private let old = 4000
  private var sent = 0

  /// All clicks that were made.
  var clicks: Int { old + sent }

  /// An old consumer stores four batches, dies amid the fourth, and the migrations run.
  ///
  /// - Parameters:
  ///   - bench: Migrated to 3.
  ///   - slug: The link's name.
  ///   - link: Its id.
  /// - Throws: What an engine throws.
  init(_ bench: Workbench, _ slug: Slug, _ link: SnowflakeID) throws {
    (self.bench, self.slug, self.link) = (bench, slug, link)
    let consumer = try OldConsumer(bench.client)
    let code: SQL = "\(slug.description)"
    for batch in 1...3 { try consumer.store(batch: batch, code: code, rows: old / 4) }
    try consumer.insertClicks(batch: 4, code: code, rows: old / 4)
    // Days and referrers lack it.
    try consumer.insertCounts(batch: 4, code: code, rows: old / 4, targets: 1)
    try bench.migrate(above: 3)
    let settings = try bench.settings(["CLICKHOUSE_READ_TIMEOUT_MS": "60000"])
    let bounds = StatsReader.Bounds(totals: old...old, others: old * 3 / 4...old)
    readers = [false, true].map { StatsReader(slug, link, bounds, settings, isNew: $0) }
    journal = try bench.journal()
    try bench.startRelay()
  }

  deinit { stop() }

  func stop() { for reader in readers { reader.stop() } }

  /// Clicks the link; none of these clicks is stored for sure before `settle`.
  func send(_ count: Int) {
    sent += count
    for reader in readers {
      reader.move { bounds in
        bounds.totals = bounds.totals.lowerBound...clicks
        bounds.others = bounds.others.lowerBound...clicks
      }
    }
    for number in sent - count..<sent {
      journal.record(
        Click(
          eventID: EventID(high: 7, low: UInt64(number)), shortCode: slug.description,
          linkID: slug == Slug(link) ? nil : link, milliseconds: 1_763_841_000_000,
          address: "192.0.2.\(number % 256)", referrer: "https://r.example/x"))
    }
  }

  /// Waits until each reader has asked some times more, and nothing was wrong until then.
  func look(_ place: String) {
    for reader in readers {
      XCTAssertTrue(reader.reads(3), place)
      XCTAssertEqual(reader.complaints, [], place)
    }
  }

  /// Waits until all that was sent is counted by link.
  func settle() throws {
    let isThere = try eventually(seconds: 60) {
      try ["link_totals", "link_days", "link_referrers"].allSatisfy { table in
        try bench.number(
          """
          SELECT toInt64(sumMerge(clicks)) FROM \(identifier: table)
          WHERE scope = \(Scope(link: link, name: []).rawValue)
          """) == sent
      }
    }
    XCTAssertTrue(isThere, bench.log)
    let all = clicks
    for reader in readers { reader.move { $0 = .init(totals: all...all, others: all...all) } }
  }

  /// `swiftlet clicks carry`, a few hundred clicks at a time.
  func startCarry(_ database: ScratchPostgres) throws -> ChildProcess {
    try ChildProcess(
      TestStack.programs.appendingPathComponent("swiftlet").path,
      ["clicks", "carry", "--rows", "250", "--rate", "2000"],
      environment: [
        "CLICKHOUSE_URL": try bench.settings().clickHouseURL, "PG_DSN": database.dsn,
        "STATE_DIR": bench.state.path, "SWIFTLET_ENV": "/dev/null",
      ], output: bench.directory + ".log")
  }
}
