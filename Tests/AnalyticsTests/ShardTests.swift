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

/// Two hosts' clicks, each through a queue and a consumer of its own into a shard of its own, and
/// statistics of both by Distributed tables (`Tests/Bench/README.md`).
final class ShardTests: XCTestCase {
  func testStatisticsOverShardsAreThoseOfAllClicks() throws {
    // These names are in the cluster of supervisor/private/engine/clickhouse.xml.
    let shards = try (1...2).map { try Workbench(database: "swiftlet_shard_\($0)") }
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
    for table in ["clicks_by_link", "clicks_by_day", "clicks_by_referrer"] {
      try server.execute(
        """
        CREATE TABLE swiftlet_shards.\(identifier: table) \
        AS swiftlet_shard_1.\(identifier: table) \
        ENGINE = Distributed(clicks, '', \(identifier: table))
        """)
    }
    let settings = try Settings(
      Variables([
        "CLICKHOUSE_URL": "http://\(address.user)@\(address.host):\(address.port)/swiftlet_shards"
      ]))
    let stats = try StatsStore(settings).stats(for: XCTUnwrap(Slug("abc")))
    XCTAssertEqual(stats.totalClicks, 1600)
    XCTAssertEqual(stats.uniqueVisitors, 256)
    XCTAssertEqual(stats.lastClicked, 1_763_841_001)
    XCTAssertEqual(stats.days, [.init(date: "2025-11-22", clicks: 1600)])
    XCTAssertEqual(stats.topReferrers, [.init(referrer: "r", clicks: 1600)])
  }
}
