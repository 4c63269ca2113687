import Foundation
import TestSupport
import XCTest

final class LinkCommandTests: MigratedTestCase {
  func testAShortenedURLResolvesAndHasStatistics() throws {
    let tool = try XCTUnwrap(tool)
    let refused = try tool.run("shorten", "http://2130706433./")
    XCTAssertEqual(refused.status, 64, "a number is no host")
    let made = try tool.run("shorten", "--json", "https://example.org/a%2Fb?c='d'")
    XCTAssertEqual(made.status, 0, made.complaint)
    let link = try made.json
    let code = try link["short_code"].text
    XCTAssertEqual(try link["short_url"].text, "https://sho.rt/" + code)
    XCTAssertEqual(try link["original_url"].text, "https://example.org/a%2Fb?c='d'")

    for name in [
      code, "https://sho.rt/" + code, "https://sho.rt/\(code)/", "HTTP://Sho.RT/\(code)?utm=x#y",
      "sho.rt/\(code)", " https://sho.rt/\(code)\n", "https://sho.rt:443/\(code).", "\(code)?x",
      "https://sho.rt/\(code)%E2%80%9D", "https://other.example/\(code)", "\(code))",
    ] {
      let found = try tool.run("resolve", name, with: ["OWN_HOSTS": "other.example"])
      XCTAssertEqual(found.output, "https://example.org/a%2Fb?c='d'\n", name + found.complaint)
    }
    for name in ["https://evil.example/\(code)", "http://sho.rt.evil.example/\(code)"] {
      let other = try tool.run("resolve", name)
      XCTAssertEqual(other.status, 64)
      XCTAssertTrue(other.complaint.contains("whose host is sho.rt"), other.complaint)
    }
    let stats = try tool.run("stats", "--json", code).json
    XCTAssertEqual(try stats["total_clicks"].number, 0)
    XCTAssertTrue(try stats["last_clicked"].isNull)
    XCTAssertTrue(try tool.run("stats", code).output.contains("last clicked     never"))

    _ = try ClickHouseClient.query(
      """
      INSERT INTO \(tool.name).clicks_by_link
      SELECT '\(code)', sumState(toUInt64(1)), uniqState(toString(number)), \
      maxState(toDateTime(1763841000, 'UTC')), maxState(toUInt64(0)) FROM numbers(3000)
      """)
    let known = "unique visitors  3000 ± 4\n"
    XCTAssertTrue(try tool.run("stats", code).output.contains(known))
    // As pasted from the end of a sentence: ClickHouse knows the link without PostgreSQL.
    let away = ["PG_DSN": "postgresql:///x?host=/nonexistent"]
    let pasted = try tool.run("stats", code + ".", with: away)
    XCTAssertTrue(pasted.output.contains(known), pasted.complaint)
    // Which link a name is of that somebody chose, only PostgreSQL knows.
    let named = try tool.run("stats", "promo", with: away)
    XCTAssertEqual(named.status, 69)
    XCTAssertTrue(named.complaint.hasPrefix("swiftlet: postgres: "), named.complaint)
  }

  func testALinkIsResolvedInItsDomainAlone() throws {
    let tool = try XCTUnwrap(tool)
    for (url, domain) in [("https://e.org/default", nil), ("https://e.org/other", "Go.example")] {
      let made = try tool.run(
        ["link", "create", url, "--slug", "twin"] + (domain.map { ["--domain", $0] } ?? []))
      XCTAssertEqual(made.status, 0, made.complaint)
    }
    for (words, url) in [
      ([], "default"), (["--domain", "sho.rt"], "default"), (["--domain", "DEFAULT"], "default"),
      (["--domain", "go.example"], "other"), (["--domain", "GO.EXAMPLE"], "other"),
    ] as [([String], String)] {
      let found = try tool.run(["resolve", "twin"] + words)
      XCTAssertEqual(found.output, "https://e.org/\(url)\n", found.complaint)
    }
    XCTAssertEqual(try tool.run("resolve", "twin", "--domain", "no.example").status, 1)
    XCTAssertEqual(try tool.run("resolve", "twin", "--domain", "???").status, 64)
  }

  func testAnUnknownCodeIsOneAndAnImpossibleOneIsWrongUsage() throws {
    let tool = try XCTUnwrap(tool)
    for command in ["resolve", "stats"] {
      let unknown = try tool.run(command, "doesnotexist")
      XCTAssertEqual(unknown.status, 1)
      XCTAssertEqual(unknown.complaint, "swiftlet: there is no link doesnotexist\n")
      XCTAssertEqual(try tool.run(command, "a//b").status, 64)
      XCTAssertEqual(try tool.run(command).status, 64)
    }
  }

  func testLinksAreMadeWithoutRedisAndNotWithoutPostgreSQL() throws {
    let tool = try XCTUnwrap(tool)
    let made = try tool.run(
      "shorten", "http://example.org/", with: ["REDIS_URL": "redis://127.0.0.1:1/0"])
    XCTAssertEqual(made.status, 0, made.complaint)
    let failed = try tool.run(
      "shorten", "http://example.org/", with: ["PG_DSN": "postgresql:///x?host=/nonexistent"])
    XCTAssertEqual(failed.status, 69)
    XCTAssertTrue(failed.complaint.hasPrefix("swiftlet: postgres: "), failed.complaint)
    XCTAssertTrue(failed.output.isEmpty)
  }

  func testAProgramThatEndsGivesItsWorkerIDBack() throws {
    let tool = try XCTUnwrap(tool)
    let others = ["REDIS_URL": "redis://127.0.0.1:1/0"]
    for _ in 0..<3 {
      XCTAssertEqual(try tool.run("shorten", "http://example.org/", with: others).status, 0)
    }
    let held = try Command.output(
      "/usr/bin/psql",
      [
        "-AtX", try XCTUnwrap(tool.environment["PG_DSN"]), "-c",
        "SELECT count(*) FROM worker_leases WHERE owner IS NOT NULL",
      ])
    XCTAssertEqual(held.trimmingCharacters(in: .whitespacesAndNewlines), "0")
  }
}
