import ClickHouse
import EngineSupport
import Links
import TestSupport
import Visits
import XCTest

@testable import Analytics

/// The hosts that clicks came from, on the server under test and on a current one alike.
final class ReferrerTests: XCTestCase {
  private let link = SnowflakeID(rawValue: 384_036_974_793_916_416)

  /// Clicks whose referrers an expression over `number` gives.
  private func clicks(_ referrers: SQL, upTo number: Int) -> SQL {
    """
    SELECT 1763841000 AS second, '192.0.2.1' AS address, \(referrers) AS referrer
    FROM numbers(\(number))
    """
  }

  func testEachSpellingOfAHostIsOneAndWhatIsNoURLIsLeftOut() throws {
    let code = try XCTUnwrap(Slug("hosts"))
    let hosts: [String: [String]] = [
      "a.example": [
        "https://a.example", "http://a.example/", "HTTPS://A.Example:443/x?y#z",
        "https://user:p@ss@a.example./", "https://a.example?q=1", "https://a.example#f",
        "https://a.example/@b.example/", "https://@a.example/",
      ],
      "www.a.example": ["https://www.a.example/"], "x_y-z": ["https://X_Y-Z/"],
      "[2001:db8::1]": ["https://[2001:DB8::1]:80/"], "192.0.2.1": ["http://192.0.2.1:8080/"],
      "xn--bcher-kva.example": ["https://xn--bcher-kva.example/b%C3%BC"],
    ]
    let others = [
      "a.example", "//a.example/", "android-app://a.example/", "javascript:https://a.example/",
      "https://", "https:///a.example", "https://a..example/", "https://.a.example/",
      "https://a b/", "https://bücher.example/", "https://a.example\\@b.example/",
      "https://?x=@a.example/", "https://a.example:port/", "https://a.example\n.b.example/", "'",
      "https://\(String(repeating: "a", count: 254))/",
    ]
    try Workbench.onBothServers { bench in
      let store = try StatsStore(bench.settings())
      func top() throws -> [String: Int] {
        let referrers = try store.stats(for: code, link: link).topReferrers
        return Dictionary(uniqueKeysWithValues: referrers.map { ($0.referrer, $0.clicks) })
      }
      for referrer in hosts.values.joined() + others {
        try bench.countBefore(code, clicks("\(referrer)", upTo: 1))
      }
      XCTAssertEqual(try top(), hosts.mapValues(\.count))
      // Those since the seam are stored by host.
      for host in hosts.keys { try bench.count(link, clicks("'x'", upTo: 7), host: "\(host)") }
      XCTAssertEqual(try top(), hosts.mapValues { $0.count + 7 })
      try bench.carryCounts("toUInt64(\(link.rawValue))")
      try bench.dropOldTables()
      XCTAssertEqual(try top(), hosts.mapValues { $0.count + 7 })
    }
  }

  /// Every click has a referrer of its own, and three quarters of them a host of their own.
  ///
  /// Half of the clicks come from before the seam.
  func testAMillionReferrersOfALinkDoNotHideWhereMostClicksCameFrom() throws {
    let code = try XCTUnwrap(Slug("million"))
    func host(_ kind: String) -> SQL {
      "concat(if(number % 4 = 0, 'most', concat(\(kind), toString(number))), '.example')"
    }
    try Workbench.onBothServers { bench in
      try bench.countBefore(
        code,
        clicks(
          "concat('https://', \(host("old")), '/', toString(number))", upTo: 1_000_000))
      try bench.count(link, clicks(host("new"), upTo: 1_000_000), host: "referrer")
      // A busy machine takes long for so many.
      let patient = try bench.settings(["CLICKHOUSE_READ_TIMEOUT_MS": "60000"])
      let store = try StatsStore(patient)
      // Those of one click each come in the order of their names, wherever they are stored.
      let names = (1..<1_000_000).filter { $0 % 4 != 0 }.map { "new\($0).example" }.sorted()
      let expected =
        [LinkStats.Referrer(referrer: "most.example", clicks: 500_000)]
        + names.prefix(9).map { .init(referrer: $0, clicks: 1) }
      func check(_ place: String) throws {
        let stats = try store.stats(for: code, link: link)
        XCTAssertEqual(stats.totalClicks, 2_000_000, place)
        XCTAssertEqual(stats.topReferrers, expected, place)
      }
      try check("by code")
      try bench.carryCounts("toUInt64(\(link.rawValue))")
      try bench.dropOldTables()
      try check("by scope")
    }
  }
}
