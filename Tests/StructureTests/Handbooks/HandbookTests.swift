import Foundation
import XCTest

/// The documentation against what is there: a reader who follows it arrives.
final class HandbookTests: XCTestCase {
  func testEachLinkLeadsToAFileAndToAHeadingOfIt() throws {
    var count = 0
    for path in Handbook.paths {
      let page = try Handbook(path)
      let directory = Rooms.root.appending(path: path).deletingLastPathComponent()
      for link in page.links {
        count += 1
        let target = link.path.isEmpty ? path : "\(directory.path)/\(link.path)"
        XCTAssertTrue(
          link.path.isEmpty || FileManager.default.fileExists(atPath: target),
          "\(path): no file \(link.path)")
        guard !link.heading.isEmpty else { continue }
        let root = Rooms.root.standardizedFileURL.path + "/"
        let named = link.path.isEmpty ? path : URL(fileURLWithPath: target).standardizedFileURL.path
        let headings = try Handbook(named.replacingOccurrences(of: root, with: "")).headings
        XCTAssertTrue(
          headings.contains(String(link.heading)),
          "\(path): no heading \(link.heading) in \(link.path)")
      }
    }
    XCTAssertGreaterThan(count, 60)
  }

  func testEachVerbOfMakeIsInTheMakefile() throws {
    let makefile = try String(contentsOf: Rooms.root.appending(path: "Makefile"), encoding: .utf8)
    for path in Handbook.paths {
      for verb in try Handbook(path).verbs {
        XCTAssertTrue(makefile.contains("\n\(verb):"), "\(path): make \(verb)")
      }
    }
  }

  func testEachTestThatIsNamedIsThere() throws {
    let tests = Rooms.root.appending(path: "Tests")
    let files = try XCTUnwrap(
      FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil))
    let sources = files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    let names = try sources.flatMap { file in
      let text = try String(contentsOf: file, encoding: .utf8)
      return file.pathComponents.filter { $0.hasSuffix("Tests") }
        + text.matches(of: /(?:class|func) (\w+)/).map { String($0.1) }
    }
    for path in Handbook.paths {
      for filter in try Handbook(path).filters where filter != "Name" {
        XCTAssertTrue(names.contains { $0.contains(filter) }, "\(path): FILTER=\(filter)")
      }
    }
  }

  /// A newcomer reads it in five minutes.
  func testTheReadmeIsShort() throws {
    let text = try Handbook("README.md").text
    let parts = text.components(separatedBy: "<!-- settings:")
    let rest = parts.last?.components(separatedBy: "<!-- end of settings -->").last ?? ""
    let words = (parts[0] + rest).split { $0.isWhitespace }
    XCTAssertLessThanOrEqual(words.count, 1800)
  }
}
