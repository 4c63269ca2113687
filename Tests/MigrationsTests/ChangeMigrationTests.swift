import EngineSupport
import Foundation
import Links
import Lookup
import Management
import Migrations
import Postgres
import Service
import Sessions
import Synchronization
import TestSupport
import XCTest

/// The migration that lets links change, on a table of the release before it.
final class ChangeMigrationTests: XCTestCase {
  private static let migration = "0004_announce_changes"

  /// The migrations before this one.
  private func before() throws -> ScratchDirectory {
    let directory = try ScratchDirectory("before-changes")
    _ = try directory.make("postgres")
    let shipped = ScratchPostgres.migrations + "/postgres"
    for name in try FileManager.default.contentsOfDirectory(atPath: shipped)
    where name < Self.migration {
      try FileManager.default.copyItem(
        atPath: "\(shipped)/\(name)", toPath: directory("postgres/\(name)"))
    }
    return directory
  }

  private func migrate(_ database: ScratchPostgres) throws {
    try Migrator(
      postgres: PostgresMigrations(database.settings()), others: [],
      directory: ScratchPostgres.migrations
    ).migrate { _ in }
  }

  private static func link(_ number: Int64) -> Link {
    Link(
      id: SnowflakeID(rawValue: number),
      destination: DestinationURL(unchecked: "http://e.org/\(number)"))
  }

  func testLinksOfBeforeAreEnabledAndTheirTableIsNotWrittenAnew() throws {
    let directory = try before()
    let database = try ScratchPostgres(migrations: directory.path)
    let admin = try database.admin()
    let old = OldProgram(try database.session())
    for number: Int64 in 1...50 { try old.insert(Self.link(number)) }
    let file: SQL = "SELECT pg_relation_filenode('short_urls'::regclass)::int8"
    func tableFile() throws -> Int64 {
      try admin.executeOnce(file, "look", timeoutMilliseconds: 20_000)
        .one { row throws(PostgresError) in try row.integer() }
    }
    let before = try tableFile()
    try migrate(database)
    XCTAssertEqual(try tableFile(), before)
    let links = StoredLinks(try database.session(), try database.settings())
    for number: Int64 in 1...50 {
      XCTAssertEqual(try links.find(Self.link(number).key), Self.link(number))
    }
    XCTAssertEqual(try links.disable(Self.link(7).key)?.isEnabled, false)
    XCTAssertEqual(
      try old.find(Self.link(7).key), Self.link(7), "it redirects until it is restarted")
    // What an old program makes is a link like others.
    try old.insert(Self.link(51))
    XCTAssertEqual(try links.find(Self.link(51).key), Self.link(51))
  }

  func testAProgramThatIsUpdatedBeforeTheMigrationSaysWhatToDoOnce() throws {
    let directory = try before()
    let database = try ScratchPostgres(migrations: directory.path)
    let log = RecordedLog()
    let settings = try database.settings()
    let links = LinkStore(
      PostgresSession(settings, as: .owner, program: "test", log: log.logger), settings)
    for _ in 0..<3 {
      let error = try assertThrows(StoreError.self) { _ = try links.find(Self.link(1).key) }
      XCTAssertEqual(error.kind, .rejected)
    }
    XCTAssertEqual(log.messages.count { $0.contains("swiftlet migrate") }, 1)
    try migrate(database)
    XCTAssertNil(try links.find(Self.link(1).key))
  }

  private final class Work: Sendable {
    let isOver = Atomic<Bool>(false)
    let rounds = Atomic<Int>(0)
    let failures = Atomic<Int>(0)
  }

  func testProgramsOfBeforeAreAtWorkMeanwhileAndNoticeNothing() throws {
    let directory = try before()
    let database = try ScratchPostgres(migrations: directory.path)
    let work = Work()
    let group = DispatchGroup()
    for worker: Int64 in 0..<3 {
      nonisolated(unsafe) let program = OldProgram(
        try database.session(["PG_WRITE_TIMEOUT_MS": "30000", "PG_READ_TIMEOUT_MS": "30000"]))
      DispatchQueue.global().async(group: group) {
        var number = worker * 1_000_000
        while !work.isOver.load(ordering: .relaxed) {
          number += 1
          let link = Self.link(number)
          let found = try? (program.insert(link), program.find(link.key)).1
          work.failures.add(found == link ? 0 : 1, ordering: .relaxed)
          work.rounds.add(1, ordering: .relaxed)
        }
      }
    }
    func worked(_ rounds: Int) -> Bool {
      let end = work.rounds.load(ordering: .relaxed) + rounds
      return eventually(seconds: 60) { work.rounds.load(ordering: .relaxed) >= end }
    }
    XCTAssertTrue(worked(100))
    // A look-up may hold the table for a moment longer than the migration waits.
    XCTAssertTrue(eventually(seconds: 60) { (try? migrate(database)) != nil })
    XCTAssertTrue(worked(100))
    work.isOver.store(true, ordering: .relaxed)
    XCTAssertEqual(group.wait(timeout: .now() + 60), .success)
    XCTAssertEqual(work.failures.load(ordering: .relaxed), 0)
  }

  /// Else every look-up would wait behind the migration.
  func testItGivesUpSoonBehindALongTransactionLeavesNothingAndCanBeRunAgain() throws {
    let directory = try before()
    let database = try ScratchPostgres(migrations: directory.path)
    let admin = try database.admin()
    try admin.executeScript(
      unsafe: "BEGIN; SELECT 1 FROM short_urls", "read", timeoutMilliseconds: 20_000)
    let error = try assertThrows(MigrationError.self) { try migrate(database) }
    XCTAssertTrue(error.description.contains("lock timeout"), error.description)
    try admin.executeScript(unsafe: "COMMIT", "end", timeoutMilliseconds: 20_000)
    let isThere = try admin.executeOnce(
      "SELECT to_regclass('outbox') IS NOT NULL", "look", timeoutMilliseconds: 20_000
    ).one { row throws(PostgresError) in try row.bool() }
    XCTAssertFalse(isThere)
    try migrate(database)
  }
}
