import API
import Access
import EngineSupport
import Foundation
import Links
import Management
import Postgres
import Service
import Sessions
import Synchronization
import TestSupport
import XCTest

/// Tags as links get them, whoever else works with the same tags.
final class TagTableTests: XCTestCase {
  private var database: ScratchPostgres!

  override func setUpWithError() throws {
    database = try ScratchPostgres()
    try run(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url)
      SELECT n, 'c' || n, 'https://example.org/' FROM generate_series(1, 40) AS n
      """)
  }

  override func tearDown() { database = nil }

  private func run(_ statement: SQL) throws {
    _ = try database.admin().executeOnce(statement, "prepare", timeoutMilliseconds: 20_000)
  }

  private func settings() throws -> Settings {
    try database.settings(["REDIS_URL": "unix:///nowhere", "PG_WRITE_TIMEOUT_MS": "60000"])
  }

  private static func units(_ settings: Settings) throws -> Units {
    Units(
      PostgresSession(settings, as: .owner, program: "test", log: .quiet),
      try RedisSession(settings, log: .quiet), settings)
  }

  private static func set(_ names: [String], of link: Int64, by units: Units) throws {
    let tags = names.compactMap(TagName.init)
    try units.perform("tag", for: .operator) { unit throws(TableError) in
      try unit.tags.set(tags, of: SnowflakeID(rawValue: link))
    }
  }

  private func tags(of link: Int64) throws -> [String] {
    try database.admin().executeOnce(
      "SELECT \(TagTable.namesOfLink) FROM short_urls WHERE snowflake_id = \(link)", "look",
      timeoutMilliseconds: 20_000
    ).one { row throws(PostgresError) in try row.texts() }
  }

  private func count(_ table: SQL) throws -> Int64 {
    try database.admin().executeOnce(
      "SELECT count(*) FROM \(table)", "look", timeoutMilliseconds: 20_000
    ).one { row throws(PostgresError) in try row.integer() }
  }

  func testALinkHasExactlyTheTagsThatItGotLast() throws {
    let units = try Self.units(settings())
    try Self.set(["b", "a", "b"], of: 1, by: units)
    XCTAssertEqual(try tags(of: 1), ["a", "b"])
    try Self.set(["c", "b"], of: 1, by: units)
    try Self.set(["b"], of: 2, by: units)
    XCTAssertEqual(try tags(of: 1), ["b", "c"])
    try Self.set([], of: 1, by: units)
    XCTAssertEqual(try tags(of: 1), [])
    XCTAssertEqual(try tags(of: 2), ["b"])
    XCTAssertEqual(try count("tags"), 3, "a tag without links stays")
    XCTAssertEqual(try count("units"), 4)
  }

  func testATagBelongsToTheTenantOfItsLink() throws {
    try run("INSERT INTO tenants (id, name) VALUES (7, 'seven')")
    try run("UPDATE short_urls SET tenant = 7 WHERE snowflake_id = 2")
    let units = try Self.units(settings())
    for link in [1, 2, 3] as [Int64] { try Self.set(["same"], of: link, by: units) }
    XCTAssertEqual(try count("tags WHERE tenant = 7"), 1)
    XCTAssertEqual(try count("tags WHERE tenant = 0"), 1)
    XCTAssertEqual(try count("short_url_tags JOIN tags ON id = tag WHERE tenant = 0"), 2)
  }

  func testManyWhoMakeTheSameTagsAtOnceMakeEachOnce() throws {
    let (settings, counts, group) = (try settings(), Counts(), DispatchGroup())
    for number in 0..<8 {
      DispatchQueue.global().async(group: group) {
        counts.following {
          let units = try Self.units(settings)
          for turn in 0..<5 {
            let names = (0..<6).map { "tag-\(turn)-\($0)" }.shuffled()
            try Self.set(names, of: Int64(number * 5 + turn + 1), by: units)
          }
        }
      }
    }
    XCTAssertEqual(group.wait(timeout: .now() + 240), .success)
    XCTAssertEqual(counts.failed.load(ordering: .relaxed), 0)
    XCTAssertEqual(try count("tags"), 30)
    XCTAssertEqual(try count("short_url_tags"), 240)
  }

  func testATagThatIsDeletedMeanwhileIsMadeAgain() throws {
    let (settings, counts, group) = (try settings(), Counts(), DispatchGroup())
    let dsn = database.dsn
    for number in 0..<3 as Range<Int64> {
      DispatchQueue.global().async(group: group) {
        counts.following { try Self.setAgainAndAgain(of: number + 1, settings) }
        counts.ended.add(1, ordering: .relaxed)
      }
    }
    DispatchQueue.global().async(group: group) {
      counts.following {
        let session = PostgresSession(
          try ScratchPostgres.settings(dsn), as: .owner, program: "test",
          timeoutMilliseconds: 60_000, log: .quiet)
        while counts.ended.load(ordering: .relaxed) < 3 {
          try session.transaction("delete") { connection throws(PostgresError) in
            _ = try connection.execute(
              "DELETE FROM tags WHERE name = 'here'", "delete", timeoutMilliseconds: 60_000)
          }
        }
      }
    }
    XCTAssertEqual(group.wait(timeout: .now() + 240), .success)
    XCTAssertEqual(counts.failed.load(ordering: .relaxed), 0)
    try Self.set(["here"], of: 1, by: Self.units(settings))
    XCTAssertEqual(try tags(of: 1), ["here"])
  }

  private static func setAgainAndAgain(of link: Int64, _ settings: Settings) throws {
    let units = try units(settings)
    for turn in 0..<30 {
      do {
        try Self.set(["here", "stays-\(turn)"], of: link, by: units)
      } catch let failure as ManagementFailure {
        // The deleter was quicker each time: nothing has changed, and it may be tried again.
        guard case .unavailable(let error) = failure, error.isRetriable else { throw failure }
      }
    }
  }
}

private final class Counts: Sendable {
  let ended = Atomic<Int>(0)
  let failed = Atomic<Int>(0)

  func following(_ body: () throws -> Void) {
    do {
      try body()
    } catch {
      failed.add(1, ordering: .relaxed)
      print(error)
    }
  }
}
