import Foundation
import XCTest

/// Who may import whom.
///
/// The build refuses an import that Package.swift doesn't declare; these tests
/// hold what it declares against the drawing in Sources/README.md.
final class ImportGraphTests: XCTestCase {
  func testEveryRoomStandsInTheHandbooksDrawingOnce() throws {
    let rooms = try Rooms()
    let drawn = rooms.rows.flatMap(\.rooms)
    XCTAssertEqual(drawn.count, Set(drawn).count, "a room is drawn twice")
    XCTAssertEqual(Set(drawn), Set(rooms.imports.keys))
  }

  func testImportsGoDownOrToTheLeft() throws {
    let rooms = try Rooms()
    var below = Set(rooms.rows.flatMap(\.rooms))
    for row in rooms.rows {
      below.subtract(row.rooms)
      var allowed = below
      for room in row.rooms {
        let imports = try XCTUnwrap(rooms.imports[room], room)
        XCTAssertEqual(imports.subtracting(allowed), [], "\(room) imports what is above it")
        if row.name != "programs" { allowed.insert(room) }
      }
    }
  }

  func testWrappersDoNotKnowEachOtherButClickHouseItsTransport() throws {
    let rooms = try Rooms()
    let wrappers = Set(try XCTUnwrap(rooms.rows.first { $0.name == "wrappers" }).rooms)
    for wrapper in wrappers {
      let known = try XCTUnwrap(rooms.imports[wrapper]).intersection(wrappers)
      XCTAssertEqual(known, wrapper == "ClickHouse" ? ["Curl"] : [], wrapper)
    }
  }

  func testNeitherRedirectsNorManagementNorAnalyticsReachesAnother() throws {
    let rooms = try Rooms()
    let edges: Set = ["Redirects", "Management", "Analytics"]
    for edge in edges {
      XCTAssertEqual(rooms.reach(of: edge).intersection(edges), [], edge)
    }
  }

  func testARedirectReachesNothingOfTheAPIOfStatisticsOrOfTheBroker() throws {
    let reached = try Rooms().reach(of: "shortener")
    XCTAssertTrue(reached.isSuperset(of: ["Redirects", "Lookup", "Journals"]), "\(reached)")
    XCTAssertEqual(
      reached.intersection([
        "Management", "Analytics", "Destinations", "Visits", "Pipeline", "Ledger", "Migrations",
        "API", "Access", "APIServing", "Monitoring", "AMQP", "Curl", "ClickHouse", "Gzip", "IDNA",
        "Hashing", "QRCode",
      ]), [])
  }

  func testNoSourceImportsFoundation() throws {
    let sources = Rooms.root.appending(path: "Sources")
    let files = try XCTUnwrap(
      FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var read = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      read += 1
      let text = try String(contentsOf: file, encoding: .utf8)
      XCTAssertFalse(text.contains("import Foundation"), file.lastPathComponent)
    }
    XCTAssertGreaterThan(read, 100)
  }
}
