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
    let names = try Self.swiftFiles("Tests").flatMap { file in
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

  func testEachTypeAndFileOfTheSourcesThatIsNamedIsThere() throws {
    let page = try Handbook("Sources/README.md")
    let files = try Self.swiftFiles("Sources") + Self.swiftFiles("Tests")
    let types = try Set(
      files.flatMap { file in
        try String(contentsOf: file, encoding: .utf8)
          .matches(of: /(?:struct|enum|class|protocol|case) (\w+)/).map(\.1)
      })
    let sources = Rooms.root.appending(path: "Sources").path
    func isThere(_ name: Substring) -> Bool {
      ["", ".swift"].contains { FileManager.default.fileExists(atPath: "\(sources)/\(name)\($0)") }
    }
    // A header, and a type of Swift's own.
    let others: Set<Substring> = ["Authorization", "StaticString"]
    for name in page.spans where !others.contains(name) && !isThere(name) {
      if name.wholeMatch(of: /[A-Z]\w*[a-z]\w*/) != nil {
        XCTAssertTrue(types.contains(name), "no type \(name)")
      } else if let room = name.firstMatch(of: /^([A-Z][A-Za-z]+)\/[A-Za-z\/.+]+$/)?.1 {
        XCTAssertFalse(isThere(room), "no file \(name)")
      }
    }
  }

  /// A newcomer reads it in five minutes.
  func testTheReadmeIsShort() throws {
    let words = try Handbook("README.md").text.split { $0.isWhitespace }
    XCTAssertLessThanOrEqual(words.count, 1800)
  }

  private static func swiftFiles(_ part: String) throws -> [URL] {
    let files = try XCTUnwrap(
      FileManager.default.enumerator(
        at: Rooms.root.appending(path: part), includingPropertiesForKeys: nil))
    return files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
  }
}
