import Foundation
import XCTest

/// A file that outgrows a reader's two screens holds two ideas, and so does a directory.
final class SizeTests: XCTestCase {
  func testAFileHasAtMost250Lines() throws {
    for file in try swiftFiles() {
      let lines = try String(contentsOf: file, encoding: .utf8).count { $0 == "\n" }
      XCTAssertLessThanOrEqual(lines, 250, file.path)
    }
  }

  func testADirectoryHasAtMost12Files() throws {
    for (directory, files) in Dictionary(
      grouping: try swiftFiles(), by: { $0.deletingLastPathComponent().path })
    {
      XCTAssertLessThanOrEqual(files.count, 12, directory)
    }
  }

  private func swiftFiles() throws -> [URL] {
    let files = try ["Sources", "Tests"].flatMap { part -> [URL] in
      let directory = Rooms.root.appending(path: part)
      let all = try XCTUnwrap(
        FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil))
      return all.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    }
    XCTAssertGreaterThan(files.count, 300)
    return files
  }
}
