import Foundation
import TestSupport
import XCTest

/// An installation without the package: `make install`, `make uninstall`.
final class InstallationTests: XCTestCase {
  private let scratch = try? ScratchDirectory("installation")

  private func stack(_ word: String) throws -> String {
    let tree = try XCTUnwrap(scratch)("tree")
    let (status, output) = try Command.run(
      Repository.url("supervisor/stack").path, [word, tree, "/usr"],
      environment: ["SWIFTLET_BIN": TestStack.programs.path])
    XCTAssertEqual(status, 0, output)
    return output
  }

  private func files() throws -> Set<String> {
    let tree = try XCTUnwrap(scratch)("tree")
    let found = try Command.check("/usr/bin/find", [tree, "-type", "f", "-printf", "%P\\n"])
    return Set(found.split(separator: "\n").map(String.init))
  }

  func testWhatIsLaidOutTwiceKeepsEditsAndIsTakenAwayWhole() throws {
    let tree = try XCTUnwrap(scratch)("tree")
    XCTAssertTrue(try stack("lay-out").hasSuffix("laid out in \(tree)\n"))
    let first = try files()
    for file in [
      "usr/bin/swiftlet", "usr/libexec/swiftlet/shortener", "lib/systemd/system/swiftlet.target",
      "usr/share/swiftlet/migrations/postgres/0001_create_short_urls.sql",
      "usr/share/man/man1/swiftlet.1",
    ] {
      XCTAssertTrue(first.contains(file), file)
    }
    let (settings, rule) = ("etc/swiftlet/swiftlet.env", "etc/nginx/swiftlet/headers.conf")
    for file in [settings, rule] {
      try "# mine\n".write(toFile: "\(tree)/\(file)", atomically: true, encoding: .utf8)
    }
    _ = try stack("lay-out")
    XCTAssertEqual(try files().subtracting(first), ["\(rule).before"])
    for file in [settings, "\(rule).before"] {
      XCTAssertEqual(try String(contentsOfFile: "\(tree)/\(file)", encoding: .utf8), "# mine\n")
    }
    XCTAssertTrue(try stack("take-away").hasPrefix("kept: \(tree)/etc/swiftlet"))
    for file in try files() {
      XCTAssertTrue(file == settings || file.hasPrefix("etc/nginx/swiftlet/"), file)
    }
  }
}
