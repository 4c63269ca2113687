import TestSupport
import XCTest

/// `swiftlet visits`, as an operator uses it.
final class VisitsCommandTests: MigratedTestCase {
  func testAnUnknownLinkTagOrDomainIsNamedAndTheStatusIs1() throws {
    let tool = try XCTUnwrap(tool)
    for (arguments, words) in [
      (["list", "none"], "no link none"), (["list", "--tag", "none"], "no tag none"),
      (["list", "--domain", "none.example"], "no domain none.example"),
      (["delete", "none"], "no link none"),
    ] {
      let run = try tool.run(["visits"] + arguments)
      XCTAssertEqual(run.status, 1, "\(arguments)")
      XCTAssertTrue(run.complaint.contains(words), run.complaint)
    }
  }

  func testOptionsThatExcludeEachOtherAreRefused() throws {
    let tool = try XCTUnwrap(tool)
    for arguments in [
      ["list", "abc", "--orphans"], ["list", "CODE", "--tag", "a"],
      ["list", "--type", "base_url"], ["list", "abc", "--start", "yesterday"],
      ["list", "--orphans", "--type", "none"], ["list", "abc", "--cursor", "x"], ["delete"],
      ["delete", "abc", "--orphans"], ["delete", "--orphans", "--domain", "b"],
    ] {
      XCTAssertEqual(try tool.run(["visits"] + arguments).status, 64, "\(arguments)")
    }
  }

  func testTheDoctorNamesDeletionsThatNobodyCarriesOut() throws {
    let tool = try XCTUnwrap(tool)
    _ = try ClickHouseClient.query(
      "INSERT INTO \(tool.name).visit_deletions VALUES (1, 5000000, 'asked', 0, 1700000000)")
    let output = try tool.run("doctor").output
    XCTAssertTrue(
      output.contains("deletions of visits: 1 wait for more than 10 minutes"), output)
  }

  func testALinkWithoutVisitsHasAnEmptyPage() throws {
    let tool = try XCTUnwrap(tool)
    let made = try tool.run("shorten", "--json", "https://example.org/")
    let code = try made.json["short_code"].text
    let list = try tool.run("visits", "list", code, "--json")
    XCTAssertEqual(list.status, 0, list.complaint)
    XCTAssertEqual(try list.json["visits"]["data"].elements.count, 0)
    XCTAssertEqual(try list.json["visits"]["pagination"]["pagesCount"].number, 1)
    let table = try tool.run("visits", "list", code)
    XCTAssertTrue(table.output.contains("page 1 of 1, 0 visits"), table.output)
    let deleted = try tool.run("visits", "delete", code, "--json")
    XCTAssertEqual(try deleted.json["deletedVisits"].number, 0)
    let paths = try tool.run("visits", "paths", "--type", "base_url")
    XCTAssertTrue(paths.output.contains("page 1 of 1, 0 paths"), paths.output + paths.complaint)
    XCTAssertEqual(try tool.run("visits", "paths", "--limit", "0").status, 64)
    let count = try tool.run("visits", "count", "--json")
    XCTAssertEqual(count.status, 0, count.complaint)
  }

  func testClicksAreAddedUpAsTables() throws {
    let tool = try XCTUnwrap(tool)
    let code = try tool.run("shorten", "--json", "https://example.org/").json["short_code"].text
    let table = try tool.run(
      "analytics", code, "--interval", "7d", "--timezone", "Asia/Kathmandu", "--series",
      "--referrers", "--previous")
    XCTAssertEqual(table.status, 0, table.complaint)
    for words in ["link \(code)", "before", "+05:45", "direct", "never"] {
      XCTAssertTrue(table.output.contains(words), "\(words): \(table.output)")
    }
    let json = try tool.run("analytics", "--json", "--interval", "30d", "--bucket", "day").json
    XCTAssertEqual(try json["data"].elements[0]["series"].elements.count, 30)
    for (arguments, status) in [
      (["none"], 1), (["--tag", "none"], 1), (["--domain", "none.example"], 1),
      (["--timezone", "Mars"], 64), (["--interval", "30d", "--bucket", "hour"], 64),
      (["--interval", "7d", "--start", "2026-01-01"], 64), (["--orphans", "none"], 64),
    ] {
      let run = try tool.run(["analytics"] + arguments)
      XCTAssertEqual(run.status, Int32(status), "\(arguments): \(run.complaint)")
    }
  }
}
