import ClickHouse
import EngineSupport
import Links
import TestSupport
import Visits
import XCTest

@testable import Analytics

/// The hosts that clicks came from, on the server under test and on a current one alike.
final class ReferrerTests: XCTestCase {
  private func onBothServers(_ test: (Workbench) throws -> Void) throws {
    let current = try CurrentEngine()
    for url in [nil, current.url] { try test(Workbench(clickHouse: url)) }
  }

  /// Counts clicks with the referrers that an expression over `number` gives.
  private func count(
    _ referrers: SQL, upTo number: Int, of code: Slug, on bench: Workbench
  ) throws {
    let gate = try bench.openGate()
    try bench.client.execute(
      """
      INSERT INTO \(identifier: gate) (short_code, timestamp, ip_address, referrer, journal, \
      journal_offset, batch, targets)
      SELECT \(code.description), toDateTime(1763841000, 'UTC'), '192.0.2.1', \(referrers), \
      0, 0, 0, 7 FROM numbers(\(number))
      """)
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
    try onBothServers { bench in
      for referrer in hosts.values.joined() + others {
        try count("\(referrer)", upTo: 1, of: code, on: bench)
      }
      let top = try StatsStore(bench.settings()).stats(for: code).topReferrers
      XCTAssertEqual(
        Dictionary(uniqueKeysWithValues: top.map { ($0.referrer, $0.clicks) }),
        hosts.mapValues(\.count))
    }
  }

  /// Every click with a referrer of its own, three quarters of them of a host of their own, too.
  func testAMillionReferrersOfALinkDoNotHideWhereMostClicksCameFrom() throws {
    let code = try XCTUnwrap(Slug("million"))
    try onBothServers { bench in
      try count(
        """
        concat('https://', if(number % 4 = 0, 'most', toString(number)), '.example/', \
        toString(number))
        """, upTo: 1_000_000, of: code, on: bench)
      // A busy machine takes long for so many.
      let patient = try bench.settings(["CLICKHOUSE_READ_TIMEOUT_MS": "60000"])
      let stats = try StatsStore(patient).stats(for: code)
      XCTAssertEqual(stats.totalClicks, 1_000_000)
      XCTAssertEqual(stats.topReferrers.count, 10)
      XCTAssertEqual(
        stats.topReferrers.first, .init(referrer: "most.example", clicks: 250_000))
    }
  }
}
