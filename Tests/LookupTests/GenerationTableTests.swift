import Lookup
import Service
import TestSupport
import XCTest

final class GenerationTableTests: XCTestCase {
  private var directories: [ScratchDirectory] = []

  private func state() throws -> StateDirectory {
    let directory = try ScratchDirectory("generations")
    directories.append(directory)
    return StateDirectory(directory.path)
  }

  func testEachNameHasTheSlotThatTheTableSays() throws {
    let lines = try ExampleTable.lines("Tests/Examples/generation-slots.tsv")
    XCTAssertGreaterThan(lines.count, 60)
    for fields in lines {
      XCTAssertEqual(
        GenerationTable.slot(of: ExampleTable.bytes(fields[0])), Int(fields[1]), fields[0])
    }
  }
}
