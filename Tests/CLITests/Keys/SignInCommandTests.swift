import Foundation
import TestSupport
import XCTest

/// `swiftlet key sign-in`, as an operator uses it.
final class SignInCommandTests: MigratedTestCase {
  private func run(_ arguments: String...) throws -> CommandLineTool.Run {
    let process = try XCTUnwrap(tool).process(["key"] + arguments)
    try process.run()
    return CommandLineTool.finish(process)
  }

  func testItPrintsALinkToTheDashboardAndNothingElse() throws {
    XCTAssertEqual(try run("create", "one").status, 0)
    for arguments in [["sign-in"], ["sign-in", "one"], ["sign-in", "1"]] {
      let process = try XCTUnwrap(tool).process(["key"] + arguments)
      try process.run()
      let link = CommandLineTool.finish(process)
      XCTAssertEqual(link.status, 0, link.complaint)
      XCTAssertNotNil(
        link.output.wholeMatch(of: /https?:\/\/[^\/]+\/dashboard\/#in=[0-9A-Za-z_-]{43}\n/),
        link.output)
      XCTAssertEqual(link.complaint, "")
    }
    let json = try run("sign-in", "one", "--json").json
    XCTAssertTrue(try json["url"].text.hasSuffix("/dashboard/#in=" + json["code"].text))
    XCTAssertFalse(try json["expiresAt"].text.isEmpty)
  }

  func testWithoutANameItIsTheOldestKeyThatMayDoEverything() throws {
    for options in [
      ["read", "--scope", "read-only"], ["old", "--expires", "2031-01-01T00:00:00Z"], ["second"],
    ] {
      let process = try XCTUnwrap(tool).process(["key", "create"] + options)
      try process.run()
      XCTAssertEqual(CommandLineTool.finish(process).status, 0)
    }
    func keys() throws -> [String] {
      let process = try XCTUnwrap(tool).process(["key", "list", "--json"])
      try process.run()
      return try CommandLineTool.finish(process).json["apiKeys"]["data"].elements.map {
        try $0["name"].text
      }
    }
    XCTAssertEqual(try keys(), ["read", "old", "second"])
    XCTAssertEqual(try run("sign-in").status, 0)
    XCTAssertEqual(try run("edit", "old", "--expires", "2020-01-01T00:00:00Z").status, 0)
    XCTAssertEqual(try run("sign-in").status, 0)
    XCTAssertEqual(try run("disable", "second").status, 0)
    let none = try run("sign-in")
    XCTAssertEqual(none.status, 1, none.output)
    XCTAssertTrue(none.complaint.contains("no API key that works has all rights"), none.complaint)
    XCTAssertEqual(none.output, "")
    for (name, words) in [
      ("old", "disabled or has expired"), ("second", "disabled or has expired"),
      ("nobody", "no API key has the name or id nobody"),
    ] {
      let refused = try run("sign-in", name)
      XCTAssertEqual(refused.status, 1, refused.output)
      XCTAssertTrue(refused.complaint.contains(words), refused.complaint)
    }
  }
}
