import Foundation
import XCTest

/// The operator's handbook against the lists in the sources: the programs, and doctor's findings.
final class OperatorHandbookTests: XCTestCase {
  /// A line of `programs.txt`.
  private struct Entry {
    let section: String
    let program: String
    let isPool: Bool
    let isServing: Bool
  }

  func testEachProgramIsInstalledAndRemoved() throws {
    let programs = try Set(entries().map(\.program))
    for path in ["README.md", "supervisor/README.md"] {
      let lists = try Handbook(path).text.matches(of: /{([a-z]+(?:,[a-z]+)+)}\n/)
        .map { Set($0.1.split(separator: ",").map(String.init)) }
      XCTAssertEqual(lists.count, 1, path)
      XCTAssertEqual(lists.first, programs, path)
    }
  }

  func testEachProgramThatServesIsRestarted() throws {
    let text = try Handbook("supervisor/README.md").text
    let pools = try XCTUnwrap(text.firstMatch(of: /\nfor pool in ([a-z -]+); do\n/)).1
    let others = try XCTUnwrap(text.firstMatch(of: /\nsupervisorctl restart ([a-z :*']+)\n/)).1
    let restarted = (pools + " " + others).split(separator: " ")
      .map { $0.filter { $0.isLetter || $0 == "-" } }
    let entries = try entries()
    XCTAssertEqual(restarted.sorted(), entries.filter(\.isServing).map(\.section).sorted())
    XCTAssertEqual(
      pools.split(separator: " ").map(String.init).sorted(),
      entries.filter(\.isPool).map(\.section).sorted())
  }

  func testEachFindingOfDoctorIsExplained() throws {
    let text = try Handbook("supervisor/README.md").text
    let rows = text.split(separator: "\n").drop { !$0.hasPrefix("| finding |") }
      .prefix { $0.hasPrefix("|") }
    let explained = rows.flatMap { row in
      row.split(separator: "|")[0].matches(of: /`([^`]+)`/).map { String($0.1) }
    }
    let subjects = try doctor().flatMap { source in
      source.matches(of: /(?:\.ok\(|\.warning\(|\.failed\(|subject = )\s*"([^"\\]+)/)
        .map { String($0.1).trimmingCharacters(in: .whitespaces) }
    }
    XCTAssertGreaterThan(subjects.count, 40)
    for subject in Set(subjects) {
      // `clock of …` explains the clock of each engine.
      let isExplained = explained.contains { name in
        name == subject || name.hasSuffix(" …") && subject.hasPrefix(name.dropLast(2))
      }
      XCTAssertTrue(isExplained, "no row explains \(subject)")
    }
  }

  private func doctor() throws -> [String] {
    let directory = Rooms.root.appending(path: "Sources/swiftlet/Doctor")
    let files = try XCTUnwrap(
      FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil))
    return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
      .map { try String(contentsOf: $0, encoding: .utf8) }
  }

  private func entries() throws -> [Entry] {
    let url = Rooms.root.appending(path: "supervisor/production/programs.txt")
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    return lines.filter { !$0.hasPrefix("#") }.map { line in
      let words = line.split(separator: " ").map(String.init)
      // A program with arguments runs until it is done.
      return Entry(
        section: words[0], program: words[1], isPool: words[4] != "-", isServing: words[2] == "-")
    }
  }
}
