import EngineSupport
import Links
import Postgres
import TestSupport
import XCTest

@testable import Delivery

/// The statements of the dispatcher, each by itself.
final class OutboxTableTests: XCTestCase {
  private var database: ScratchPostgres!
  private var connection: Postgres.Connection!

  override func setUpWithError() throws {
    database = try ScratchPostgres()
    connection = try database.admin()
    try connection.executeScript(
      unsafe: DispatcherSession.preparation, "prepare", timeoutMilliseconds: 60_000)
  }

  override func tearDown() {
    connection = nil
    database = nil
  }

  private var table: OutboxTable { OutboxTable(connection, timeoutMilliseconds: 60_000) }

  private func execute(_ statement: SQL) throws {
    _ = try connection.executeOnce(statement, "test", timeoutMilliseconds: 60_000)
  }

  private func insert(_ count: Int, slug: SQL = "'s' || number") throws {
    try execute(
      """
      INSERT INTO outbox (link, slug) SELECT number, \(slug)
      FROM generate_series(1, \(count)) AS number
      """)
  }

  private func plan(_ statement: SQL) throws -> String {
    try connection.executeOnce(
      "EXPLAIN (COSTS OFF) \(statement)", "explain", timeoutMilliseconds: 60_000
    ).map { row throws(PostgresError) in try row.text() }.joined(separator: "\n")
  }

  func testNoStatementReadsTheWholeOutbox() throws {
    // As the first rows find it, and with statistics of many rows, of which most are kept.
    for isAnalyzed in [false, true] {
      if isAnalyzed {
        try insert(100_000)
        try execute("UPDATE outbox SET due_at = NULL WHERE id % 100 > 0")
        try execute("ANALYZE outbox")
      }
      let plans: [(index: String, statement: SQL)] = [
        ("outbox_due", OutboxTable.dueRows), ("outbox_due", OutboxTable.backlog),
        ("outbox_pkey", OutboxTable.keptRows(below: 50_000)),
        ("outbox_pkey", OutboxTable.announced(Array(1...1000))),
        ("outbox_changed", OutboxTable.deletion(keepingSeconds: 100)),
      ]
      for (index, statement) in plans {
        let plan = try plan(statement)
        XCTAssertTrue(plan.contains(index), plan)
        XCTAssertFalse(plan.contains("Seq Scan on outbox"), plan)
        // Rows that are passed over are read, too: those of a long outage of Redis are many.
        XCTAssertFalse(plan.contains("Filter: (due_at"), plan)
      }
    }
  }

  func testTheRowsDueComeNewOnesFirstAndEachIsDueTwice() throws {
    try insert(3)
    try execute("UPDATE outbox SET due_at = now() WHERE slug = 's1'")
    try execute("UPDATE outbox SET due_at = now() + interval '1 hour' WHERE slug = 's2'")
    try insert(1, slug: "'new'")
    let page = try table.due()
    XCTAssertEqual(page.keys.map(\.slug.description), ["s3", "new", "s1"])
    try table.noteAnnounced(page.ids)
    XCTAssertEqual(try table.due().ids, [])
    XCTAssertEqual(try table.backlog(), OutboxBacklog(rows: 0, ageMilliseconds: nil))
    let left = try connection.executeOnce(
      "SELECT slug FROM outbox WHERE due_at IS NULL", "look", timeoutMilliseconds: 60_000
    ).map { row throws(PostgresError) in try row.text() }
    XCTAssertEqual(left, ["s1"])
  }

  func testAPageIsBoundedInRowsAndInBytes() throws {
    try insert(3000)
    XCTAssertEqual(try table.due().ids.count, OutboxTable.pageRows)
    XCTAssertTrue(try table.due().mayHaveSuccessors)
    try execute("TRUNCATE outbox")
    try insert(3000, slug: "rpad(number::text || 'x', 255, 'y')")
    try execute("UPDATE outbox SET domain = repeat('d', 253)")
    for page in [try table.due(), try table.kept(below: .max)] {
      XCTAssertTrue(page.mayHaveSuccessors)
      XCTAssertLessThan(page.ids.count * (255 + 253), 70_000)
    }
    // One that is longer than a page is a page.
    try execute("UPDATE outbox SET domain = repeat('d', 100000)")
    XCTAssertEqual(try table.due().ids.count, 1)
    XCTAssertEqual(try table.kept(below: .max).ids.count, 1)
  }

  func testPagesOfAllThatIsKeptHaveEachRowOnceTheNewestFirst() throws {
    try insert(2500)
    try execute("UPDATE outbox SET due_at = NULL WHERE id % 2 = 0")
    var ids: [Int64] = []
    while case let page = try table.kept(below: ids.last ?? .max), !page.ids.isEmpty {
      ids += page.ids
    }
    XCTAssertEqual(ids.count, 2500)
    XCTAssertEqual(ids, ids.sorted(by: >))
  }

  func testAPageNamesEachLinkOnce() {
    let page = OutboxPage([
      OutboxRow(id: 1, domain: "", slug: "a"), OutboxRow(id: 2, domain: "go.example", slug: "a"),
      OutboxRow(id: 3, domain: "", slug: "a"), OutboxRow(id: 4, domain: "", slug: "no slug"),
    ])
    XCTAssertEqual(page.ids, [1, 2, 3, 4])
    XCTAssertEqual(page.keys.map(\.domain), ["", "go.example"])
  }

  func testUnitsOlderThanADayAreDeletedAPageAtATime() throws {
    try execute(
      """
      INSERT INTO units (id, ended_at)
      SELECT gen_random_uuid(), now() - interval '1 hour' * CASE WHEN number <= 70 THEN 23 ELSE 25 END
      FROM generate_series(1, \(70 + OutboxTable.pageRows + 5)) AS number
      """)
    XCTAssertTrue(try table.deleteOldUnits())
    XCTAssertFalse(try table.deleteOldUnits())
    let left = try connection.executeOnce(
      "SELECT count(*), min(ended_at) > now() - interval '1 day' FROM units", "look",
      timeoutMilliseconds: 60_000
    ).one { row throws(PostgresError) in (try row.integer(), try row.bool()) }
    XCTAssertEqual(left.0, 70)
    XCTAssertTrue(left.1)
    let plan = try plan(OutboxTable.unitDeletion)
    XCTAssertTrue(plan.contains("units_ended") && !plan.contains("Seq Scan on units"), plan)
  }

  func testSpentVisitsOlderThanADayAreDeletedAPageAtATime() throws {
    try execute(
      """
      INSERT INTO spent_visits (link, event_id, spent_at)
      SELECT number % 3, gen_random_uuid(),
        now() - interval '1 hour' * CASE WHEN number <= 70 THEN 23 ELSE 25 END
      FROM generate_series(1, \(70 + OutboxTable.pageRows + 5)) AS number
      """)
    let plan = try plan(OutboxTable.spentVisitDeletion)
    XCTAssertTrue(
      plan.contains("spent_visits_by_time") && !plan.contains("Seq Scan on spent_visits"), plan)
    XCTAssertTrue(try table.deleteOldSpentVisits())
    XCTAssertFalse(try table.deleteOldSpentVisits())
    let left = try connection.executeOnce(
      "SELECT count(*), min(spent_at) > now() - interval '1 day' FROM spent_visits", "look",
      timeoutMilliseconds: 60_000
    ).one { row throws(PostgresError) in (try row.integer(), try row.bool()) }
    XCTAssertEqual(left.0, 70)
    XCTAssertTrue(left.1)
  }

  func testWhatWaitsIsCountedUpToABoundAndFromWhenItWasDue() throws {
    try insert(OutboxTable.countLimit + 5)
    try execute("UPDATE outbox SET changed_at = now() - interval '1 hour' WHERE slug = 's1'")
    let backlog = try table.backlog()
    XCTAssertEqual(backlog.rows, OutboxTable.countLimit)
    XCTAssertGreaterThanOrEqual(backlog.ageMilliseconds ?? 0, 3_600_000)
    // The pause before it is announced again is no wait.
    try execute("UPDATE outbox SET due_at = NULL WHERE slug <> 's1'")
    try execute("UPDATE outbox SET due_at = now() - interval '7 s' WHERE slug = 's1'")
    let age = try XCTUnwrap(try table.backlog().ageMilliseconds)
    XCTAssertTrue((7000..<3_000_000).contains(age), "\(age)")
  }

  func testTheRedisThatWasToldIsOne() throws {
    XCTAssertNil(try table.announcedCache())
    try table.setAnnouncedCache("one")
    try table.setAnnouncedCache("another")
    XCTAssertEqual(try table.announcedCache(), "another")
  }
}
