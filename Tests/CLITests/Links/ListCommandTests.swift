import Foundation
import TestSupport
import XCTest

/// `swiftlet link list`, as an operator uses it.
final class ListCommandTests: MigratedTestCase {
  /// Makes links, a millisecond or more apart; gives their codes, the newest first.
  private func make(_ count: Int) throws -> [String] {
    let tool = try XCTUnwrap(tool)
    return try (1...count).map { number in
      let made = try tool.run("shorten", "--json", "https://example.org/\(number)?campaign=summer")
      XCTAssertEqual(made.status, 0, made.complaint)
      return try made.json["short_code"].text
    }.reversed()
  }

  private func list(_ options: String...) throws -> (codes: [String], next: String?, total: Int) {
    let tool = try XCTUnwrap(tool)
    let process = tool.process(["link", "list", "--json"] + options)
    try process.run()
    let run = CommandLineTool.finish(process)
    XCTAssertEqual(run.status, 0, run.complaint)
    let list = try run.json["shortUrls"]
    let pagination = try list["pagination"]
    return (
      try list["data"].elements.map { try $0["shortCode"].text },
      try? pagination["nextCursor"].text, try pagination["totalItems"].number
    )
  }

  func testLinksAreListedInPagesByCursorAndBySearch() throws {
    let codes = try make(5)
    let first = try list("--limit", "2")
    XCTAssertEqual(first.codes, Array(codes[..<2]))
    XCTAssertEqual(first.total, 5)
    let second = try list("--limit", "2", "--cursor", XCTUnwrap(first.next))
    XCTAssertEqual(second.codes, Array(codes[2..<4]))
    let last = try list("--limit", "2", "--cursor", XCTUnwrap(second.next))
    XCTAssertEqual(last.codes, [codes[4]])
    XCTAssertNil(last.next)
    XCTAssertEqual(try list("--limit", "2", "--page", "3").codes, [codes[4]])
    XCTAssertEqual(try list("--limit", "-1").codes, codes)
    XCTAssertEqual(try list("--order", "longUrl-ASC").codes, codes.reversed())
    XCTAssertEqual(try list("--search", "org/3?CAMPAIGN").codes, [codes[2]])
    XCTAssertEqual(try list("--search", String(codes[0].prefix(2))).codes, codes)
    XCTAssertEqual(try XCTUnwrap(tool).run("link", "edit", codes[3], "--title", "Zebra").status, 0)
    XCTAssertEqual(try list("--search", "zebra").codes, [codes[3]])
    XCTAssertEqual(try list("--order", "title-DESC").codes.first, codes[3])
    XCTAssertEqual(try list("--search", "nothing").codes, [])
  }

  func testPeopleGetATableWithTheStateOfEachLinkAndDeletedOnesAreInNone() throws {
    let tool = try XCTUnwrap(tool)
    let codes = try make(3)
    XCTAssertEqual(try tool.run("link", "disable", codes[1]).status, 0)
    XCTAssertEqual(try tool.run("link", "edit", codes[0], "--title", "Summer").status, 0)
    XCTAssertEqual(try tool.run("link", "delete", codes[2]).status, 0)
    let run = try tool.run("link", "list")
    XCTAssertEqual(run.status, 0, run.complaint)
    let lines = run.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    XCTAssertEqual(lines.count, 4, run.output)
    XCTAssertEqual(
      lines[1].suffix(4),
      ["enabled", "https://sho.rt/" + codes[0], "Summer", "https://example.org/3?campaign=summer"])
    XCTAssertEqual(
      lines[2].suffix(3),
      ["disabled", "https://sho.rt/" + codes[1], "https://example.org/2?campaign=summer"])
    XCTAssertEqual(lines[3].joined(separator: " "), "page 1 of 1, 2 links")
    XCTAssertTrue(try tool.run("link", "list", "--limit", "1").output.contains("--cursor "))
  }

  func testAnOptionThatCanNotBeReadIsNamed() throws {
    let tool = try XCTUnwrap(tool)
    for (options, name) in [
      (["--order", "clicks"], "--order"), (["--page", "0"], "--page"),
      (["--page", "1001"], "--page"), (["--limit", "0"], "--limit"),
      (["--cursor", "x"], "--cursor"), (["--search", "a\u{1B}[2Jb"], "--search"),
    ] {
      let process = tool.process(["link", "list"] + options)
      try process.run()
      let run = CommandLineTool.finish(process)
      XCTAssertEqual(run.status, 64, run.output)
      XCTAssertTrue(run.complaint.contains(name), run.complaint)
    }
  }
}
