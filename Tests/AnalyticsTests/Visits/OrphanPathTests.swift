import API
import Access
import ClickHouse
import EngineSupport
import HTTPTypes
import Links
import Postgres
import Sessions
import Web
import XCTest

@testable import Analytics

/// The paths at which visits met no link.
final class OrphanPathTests: XCTestCase {
  /// Visits of some paths: type, path, domain, how many, each second one by a bot.
  private static let made: [(OrphanType, String, Int, Int)] = [
    (.regular404, "/wp-login.php", 0, 7), (.regular404, "/wp-login.php", 16, 2),
    (.regular404, "/<script>\t'\\", 0, 4), (.baseURL, "/", 0, 3), (.invalidShortURL, "/a", 17, 5),
    (.invalidShortURL, "/wp-login.php", 0, 1),
  ]

  private func scene(_ bench: Workbench) throws -> VisitScene {
    let scene = try VisitScene(bench)
    try scene.execute("INSERT INTO tenants (id, name) VALUES (1, 'other')")
    try scene.execute(
      "INSERT INTO domains (number, authority, tenant) VALUES (16, 'own.example', 0), (17, 'theirs.example', 1)"
    )
    for (type, path, domain, count) in Self.made {
      try scene.visit(
        Int64(type.scope.rawValue),
        """
        SELECT toUInt32(1700000000 + number) AS second, toUInt8(number % 2) AS bot,
          \(path) AS code, toUInt32(\(domain)) AS domain FROM numbers(\(count))
        """, ", code, domain")
    }
    // Many without details, and one whose path isn't known.
    try scene.bench.client.execute(
      "INSERT INTO visits (link, timestamp, weight, code, batch) VALUES (4, 1700000000, 40, '', 1), (4, 1700000000, 1, '', 1)"
    )
    return scene
  }

  private func paths(
    _ scene: VisitScene, _ query: [(String, String)] = [], for caller: Caller = .operator
  ) throws -> [OrphanPath] {
    try scene.list(ListOrphanPaths(), [:], query, for: caller).paths
  }

  func testPathsAreToldByTypeAndDomainThoseWithTheMostVisitsFirst() throws {
    try Workbench.onBothServers { bench in
      let scene = try scene(bench)
      let list = try scene.list(ListOrphanPaths())
      XCTAssertEqual(list.pagination.total, Self.made.count)
      let domains = [16: "own.example", 17: "theirs.example"]
      let expected = Self.made.sorted { $0.3 > $1.3 }.map { type, path, domain, count in
        OrphanPath(
          type: type, path: path, domain: domains[domain], visits: count, bots: count / 2,
          last: 1_700_000_000 + Int64(count) - 1)
      }
      XCTAssertEqual(list.paths, expected)
      let pages = try (1...4).flatMap { page in
        try paths(scene, [("itemsPerPage", "2"), ("page", "\(page)")])
      }
      XCTAssertEqual(pages, expected)
    }
  }

  func testPathsAreNarrowedByTypeDomainTimeAndPeople() throws {
    let scene = try scene(Workbench())
    func visits(_ query: (String, String)...) throws -> [Int] {
      try paths(scene, query).map(\.visits)
    }
    XCTAssertEqual(try visits(("type", "regular_404")), [7, 4, 2])
    XCTAssertEqual(try visits(("domain", "OWN.example")), [2])
    XCTAssertEqual(try visits(("domain", "DEFAULT"), ("type", "base_url")), [3])
    XCTAssertEqual(try visits(("excludeBots", "")), [4, 3, 2, 2, 1, 1])
    XCTAssertEqual(try visits(("startDate", "2023-11-14T22:13:24Z")), [3, 1])
    XCTAssertEqual(try visits(("endDate", "2023-11-13")), [])
    for query in [
      ("type", "other"), ("page", "0"), ("itemsPerPage", "1001"), ("page", "501"),
      ("startDate", "yesterday"),
    ] {
      XCTAssertThrowsError(try paths(scene, [query]), "\(query)") {
        XCTAssertTrue($0 is InputFailure)
      }
    }
  }

  func testPathsAreThoseInSight() throws {
    let scene = try scene(Workbench())
    func visits(_ caller: Caller) throws -> Int {
      try paths(scene, for: caller).map(\.visits).reduce(0, +)
    }
    XCTAssertEqual(try visits(.holder()), 17)
    XCTAssertEqual(try visits(.holder(tenant: 1)), 5)
    XCTAssertEqual(try visits(.holder(domain: "own.example")), 2)
    XCTAssertEqual(try visits(.holder(seesOrphans: false)), 0)
    // The mark of the last batch.
    try scene.visit(0, "SELECT toUInt32(1) AS second, toUInt8(0) AS bot")
    _ = try scene.list(DeleteOrphanVisits())
    XCTAssertEqual(try visits(.operator), 0, "deleted a moment ago")
  }

  func testWhatTakesTooLongIsToldAsThat() throws {
    let scene = try scene(Workbench())
    XCTAssertThrowsError(
      try scene.stores.visits.reading { () throws(StoreError) in
        try scene.stores.reports.kept(of: .all(domain: nil), by: 0)
      }
    ) {
      guard case AnalyticsFailure.tooSlow = $0 else { return XCTFail("\($0)") }
      XCTAssertEqual(($0 as? AnalyticsFailure)?.problem.status.code, 503)
    }
  }
}
