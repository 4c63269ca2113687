import Analytics
import ClickHouse
import EngineSupport
import Foundation
import Journals
import Links
import Service
import TestSupport
import Visits
import XCTest

/// Two hosts' clicks in two shards, and statistics of both by Distributed tables.
///
/// Each host has its own queue, consumer and shard (`Tests/Bench/README.md`).
final class ShardTests: XCTestCase {
  func testStatisticsOverShardsAreThoseOfAllClicks() throws {
    // These names are in the cluster of supervisor/private/engine/clickhouse.xml.
    let shards = try (1...2).map { try Workbench(database: "swiftlet_shard_\($0)") }
    let code = try XCTUnwrap(Slug("abc"))
    for (shard, clicks) in zip(shards, [3, 2]) {
      try shard.countBefore(
        code,
        """
        SELECT 1763740000 AS second, concat('2001:db8::', toString(number % 2)) AS address,
          'https://r/' AS referrer FROM numbers(\(clicks))
        """)
    }
    for (shard, numbers) in zip(shards, [0..<1000, 900..<1500]) {
      try shard.startRelay()
      try shard.startConsumer()
      let journal = try shard.journal()
      for number in numbers {
        let time = 1_763_841_000_000 + Int64(number)
        journal.record(.sample(number, at: time, referrer: "https://r/"))
      }
    }
    for (shard, count) in zip(shards, [1000, 600]) {
      XCTAssertTrue(try shard.waits(for: count), shard.log)
    }

    let url = try TestStack.value("CLICKHOUSE_URL")
    let address = try XCTUnwrap(ServerAddress(url: url))
    let server = try Client(address, timeout: 20_000)
    try server.execute("CREATE DATABASE swiftlet_shards")
    defer { try? server.execute("DROP DATABASE swiftlet_shards") }
    func distribute(_ tables: [String]) throws {
      for table in tables {
        try server.execute(
          """
          CREATE TABLE swiftlet_shards.\(identifier: table) \
          AS swiftlet_shard_1.\(identifier: table) \
          ENGINE = Distributed(clicks, '', \(identifier: table))
          """)
      }
    }
    try distribute(["link_totals", "link_days", "link_referrers"])
    try distribute(["clicks_by_link", "clicks_by_day", "clicks_by_referrer"])
    let settings = try Settings(
      Variables([
        "CLICKHOUSE_URL": "http://\(address.user)@\(address.host):\(address.port)/swiftlet_shards"
      ]))
    let store = try StatsStore(settings)
    func check(_ place: String) throws {
      let stats = try store.stats(for: code)
      XCTAssertEqual(stats.totalClicks, 1605, place)
      XCTAssertEqual(stats.uniqueVisitors, 258, place)
      XCTAssertEqual(stats.lastClicked, 1_763_841_001, place)
      XCTAssertEqual(
        stats.days,
        [.init(date: "2025-11-22", clicks: 1600), .init(date: "2025-11-21", clicks: 5)], place)
      XCTAssertEqual(stats.topReferrers, [.init(referrer: "r", clicks: 1605)], place)
    }
    try check("by code")
    for shard in shards {
      try shard.carryCounts("toUInt64(\(Scope(name: code.description.utf8).rawValue))")
    }
    // Only then the reading database has them, one after the other.
    for table in ["link_totals_before", "link_referrers_before", "link_days_before"] {
      try distribute([table])
      try check(table)
    }
    for shard in shards { try shard.dropOldTables() }
    try check("by scope")
  }
}
