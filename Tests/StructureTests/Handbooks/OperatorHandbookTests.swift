import Foundation
import XCTest

@testable import swiftlet

/// The operator's handbook against the lists in the sources: the programs, and doctor's findings.
final class OperatorHandbookTests: XCTestCase {
  func testEachProgramIsInstalled() throws {
    // The command line goes elsewhere.
    let programs = Set(HostProgram.all.map(\.file)).subtracting(["swiftlet"])
    let tree = try String(
      contentsOf: Rooms.root.appending(path: "supervisor/package/tree"), encoding: .utf8)
    let list = try XCTUnwrap(tree.firstMatch(of: /for program in ([a-z ]+); do\n/)).1
    XCTAssertEqual(Set(list.split(separator: " ").map(String.init)), programs)
  }

  func testEachFindingOfDoctorIsExplained() throws {
    let text = try Handbook("supervisor/README.md").text
    let rows = text.split(separator: "\n").drop { !$0.hasPrefix("| finding |") }
      .prefix { $0.hasPrefix("|") }
    let explained = rows.flatMap { row in
      row.split(separator: "|")[0].matches(of: /`([^`]+)`/).map { String($0.1) }
    }
    let subjects = try subjects()
    XCTAssertGreaterThan(subjects.count, 40)
    for subject in Set(subjects) {
      // `clock of …` explains the clock of each engine.
      let isExplained = explained.contains { name in
        name == subject || name.hasSuffix(" …") && subject.hasPrefix(name.dropLast(2))
      }
      XCTAssertTrue(isExplained, "no row explains \(subject)")
    }
  }

  func testEachFindingOfDoctorIsMadeInATest() throws {
    let changes = Rooms.root.appending(path: "Tests/Package/changes")
    let tests =
      try sources("Tests").filter { $0.contains("octor") }
      + [String(contentsOf: changes, encoding: .utf8)]
    for subject in Set(try subjects()) {
      // `pool` begins the name of each pool, `clock of` that of each engine's clock.
      let forms = ["\"\(subject)\"", "\"\(subject) ", "\(subject): ", "FAILED   \(subject) "]
      XCTAssertTrue(
        tests.contains { text in forms.contains { text.contains($0) } }, "no test makes \(subject)")
    }
  }

  /// What doctor's findings are about, by its sources.
  private func subjects() throws -> [String] {
    try sources("Sources/swiftlet/Doctor").flatMap { source in
      source.matches(of: /(?:\.ok\(|\.warning\(|\.failed\(|[sS]ubject(?: =|:) )\s*"([^"\\]+)/)
        .map { String($0.1).trimmingCharacters(in: .whitespaces) }
    }
  }

  private func sources(_ place: String) throws -> [String] {
    let directory = Rooms.root.appending(path: place)
    let files = try XCTUnwrap(
      FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil))
    return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
      .map { try String(contentsOf: $0, encoding: .utf8) }
  }
}
