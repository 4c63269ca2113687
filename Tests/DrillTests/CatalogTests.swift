import TestSupport
import XCTest

@testable import drill

/// What `drill --list` tells, and what the handbook and the Makefile say of the same drills.
final class CatalogTests: XCTestCase {
  func testEachDrillHasANameOfItsOwnThatNoPartAndNoChoiceHas() {
    let names =
      Drills.named.map(\.name) + Part.allCases.map(\.rawValue)
      + Selection.Choice.allCases.map(\.rawValue)
    XCTAssertEqual(names.count, Set(names).count)
    for name in names {
      XCTAssertNotNil(name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/), name)
    }
  }

  func testEachDrillClaimsInOneSentenceOf22WordsAtMostWhatNoOtherClaims() {
    let drills = Drills.named + [Drills.random(7)]
    XCTAssertEqual(Set(drills.map(\.claim)).count, drills.count)
    for drill in drills {
      XCTAssertLessThanOrEqual(drill.claim.split(separator: " ").count, 22, drill.name)
      XCTAssertGreaterThan(drill.claim.split(separator: " ").count, 4, drill.name)
      XCTAssertTrue(drill.claim.hasSuffix(".") && !drill.claim.contains(". "), drill.name)
    }
  }

  func testTheListNamesEachDrillWithItsClaim() {
    let lines = Catalog.text.split(separator: "\n")
    for drill in Drills.named {
      XCTAssertTrue(
        lines.contains { $0.hasPrefix("  \(drill.name) ") && $0.hasSuffix("  \(drill.claim)") },
        drill.name)
    }
  }

  func testAChoiceNamesDrillsThatAreThere() {
    let names = Set(Drills.named.map(\.name))
    XCTAssertEqual(Drills.short.subtracting(names), [])
    XCTAssertEqual(Drills.shipped.subtracting(names), [])
    XCTAssertEqual(Drills.shippedShort.subtracting(Drills.shipped), [])
  }

  func testAPartStandsForItsOwnDrillsAndCommasSeparateNames() throws {
    let drills = try Selection(["relay,clicks-survive-power-cut", "short"]).drills.map(\.name)
    XCTAssertEqual(
      drills,
      Drills.relay.map(\.name) + ["clicks-survive-power-cut"]
        + Drills.named.map(\.name).filter(Drills.short.contains))
  }

  func testScenariosByChanceGoOnFromTheSeed() throws {
    let drills = try Selection(["random"], seed: 7, scenarios: 3).drills
    XCTAssertEqual(drills.map(\.seed), [7, 8, 9])
  }

  func testAnUnknownNameIsRefusedWithTheList() {
    XCTAssertThrowsError(try Selection(["relay-kill"])) { error in
      XCTAssertTrue("\(error)".hasSuffix("No drill has the name relay-kill: see above."))
      XCTAssertTrue("\(error)".contains("  clicks-survive-relay-kill "))
    }
  }

  func testTheHandbookNamesDrillsThatAreThereAndLeavesNoneOut() throws {
    let handbook = try Repository.text("Tests/README.md")
    let table = handbook.split(separator: "\n").filter { $0.hasPrefix("|") }
    var shown: Set<String> = []
    for match in handbook.matches(of: /DRILL=([a-z0-9,-]+)/)
    where !["list", "name"].contains(match.1) {
      _ = try Selection([String(match.1)])
    }
    for match in table.joined(separator: "\n").matches(of: /DRILL=([a-z0-9,-]+)/) {
      shown.formUnion(try Selection([String(match.1)]).drills.map(\.name))
    }
    XCTAssertEqual(Set(Drills.named.map(\.name)).subtracting(shown), [])
  }

  func testTheHandbookTellsOfRunsByNamesThatAreThere() throws {
    let names = Set(Drills.named.map(\.name))
    let handbook = try Repository.text("Tests/README.md")
    for match in handbook.matches(of: /`([a-z0-9]+(?:-[a-z0-9]+){3,})`/) {
      XCTAssertTrue(names.contains(String(match.1)), String(match.1))
    }
  }

  func testTheMakefileRunsDrillsThatAreThere() throws {
    let makefile = try Repository.text("Makefile")
    let calls = makefile.matches(of: /call (?:drills|as_shipped),([a-z][^)]*)\)/)
    XCTAssertEqual(calls.count, 2)
    for call in calls { _ = try Selection(call.1.split(separator: " ").map(String.init)) }
  }
}
