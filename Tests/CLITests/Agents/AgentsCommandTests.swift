import Foundation
import TestSupport
import XCTest

final class AgentsCommandTests: XCTestCase {
  func testAUserAgentIsShownForPeopleAndForPrograms() throws {
    let tool = try CommandLineTool()
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
    let run = try tool.run("agents", "show", agent)
    XCTAssertEqual(run.output, "bot: person, device: desktop, os: linux, browser: firefox 145\n")
    let json = try tool.run("agents", "show", "--json", "Googlebot/2.1").json
    XCTAssertEqual(try json["bot"].text, "search")
    XCTAssertEqual(try json["browser_version"].number, 0)
  }

  func testAListOfBotsBecomesTextsAndAPatternThatIsNotUnderstoodIsNamed() throws {
    let tool = try CommandLineTool()
    let directory = try ScratchDirectory()
    func update(_ patterns: [String]) throws -> CommandLineTool.Run {
      let entries = patterns.map { ["pattern": $0, "tags": ["seo"]] as [String: Any] }
      let file = directory("list.json")
      try JSONSerialization.data(withJSONObject: entries).write(to: URL(fileURLWithPath: file))
      return try tool.run("agents", "update", "--list-version", "9.9", file)
    }
    let run = try update([#"Good\/Bot"#, "^[aA]b(c|d)$", "ds9", "(^| )x"])
    XCTAssertEqual(run.status, 0, run.complaint)
    XCTAssertTrue(run.output.contains("crawler-user-agents 9.9"), run.output)
    XCTAssertTrue(
      run.output.contains("      Good/Bot|^abc$|^abd$|^Abc$|^Abd$|^ds9 |^x| x|\n"), run.output)
    for pattern in [#"a\d"#, "a.b", "a[^b]", "(a", "a|b)", "a+", "a|"] {
      let run = try update(["good", pattern])
      XCTAssertNotEqual(run.status, 0, pattern)
      XCTAssertTrue(run.complaint.contains(pattern), run.complaint)
      XCTAssertEqual(run.output, "")
    }
  }
}
