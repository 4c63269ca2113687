import Foundation
import TestSupport
import XCTest

/// `swiftlet link create`, `show`, `edit` and `restore` with all that a link may have.
final class CreateCommandTests: MigratedTestCase {
  func testALinkIsMadeShownEditedAndRestoredWithAllThatItHas() throws {
    let tool = try XCTUnwrap(tool)
    let made = try tool.run(
      "link", "create", "https://example.org/a?b='c'", "--slug", "my sale", "--prefix", "s.",
      "--tag", "Spring sale", "--tag", "b", "--valid-since", "2026-01-01", "--valid-until",
      "2030-01-01T00:00:00Z", "--max-visits", "7", "--title", " A title", "--crawlable",
      "--no-forward-query", "--no-preview")
    XCTAssertEqual(made.status, 0, made.complaint)
    XCTAssertEqual(made.output, "https://sho.rt/s.my-sale\n")
    let shown = try tool.run("link", "show", "https://sho.rt/s.my-sale.")
    XCTAssertEqual(shown.status, 0, shown.complaint)
    let lines = shown.output.split(separator: "\n").map(String.init)
    for line in [
      "short URL        https://sho.rt/s.my-sale", "long URL         https://example.org/a?b='c'",
      "state            enabled", "title            A title", "tags             b, spring-sale",
      "valid since      2026-01-01T00:00:00Z", "valid until      2030-01-01T00:00:00Z",
      "visits           0, 0 of them by bots", "limit of visits  7", "redirect rules   none",
      "crawlable        yes", "forwards query   no", "preview          no",
    ] {
      XCTAssertTrue(lines.contains(line), line + "\n" + shown.output)
    }

    let edited = try tool.run(
      "link", "edit", "--json", "s.my-sale", "--no-tags", "--no-valid-since", "--no-valid-until",
      "--no-max-visits", "--no-title", "--no-crawlable", "--forward-query",
      "--preview")
    XCTAssertEqual(edited.status, 0, edited.complaint)
    let link = try XCTUnwrap(edited.json.elements.first)
    XCTAssertEqual(try link["tags"].elements.count, 0)
    for name in ["validSince", "validUntil", "maxVisits"] {
      XCTAssertTrue(try link["meta"][name].isNull, name)
    }
    XCTAssertTrue(try link["title"].isNull)
    XCTAssertTrue(try link["forwardQuery"].isTrue)
    XCTAssertTrue(try link["preview"].isTrue)
    XCTAssertEqual(
      try link["id"].text, try tool.run("link", "show", "--json", "s.my-sale").json["id"].text)

    XCTAssertEqual(try tool.run("link", "delete", "s.my-sale").status, 0)
    XCTAssertEqual(try tool.run("link", "show", "s.my-sale").status, 1)
    for _ in 1...2 {
      let restored = try tool.run("link", "restore", "s.my-sale")
      XCTAssertEqual(
        restored.output, "enabled  https://sho.rt/s.my-sale  https://example.org/a?b='c'\n",
        restored.complaint)
    }
  }

  func testALinkOfAnotherDomainIsNamedByIt() throws {
    let tool = try XCTUnwrap(tool)
    let url = "https://example.org/"
    XCTAssertEqual(try tool.run("link", "check", "my promo").output, "free  my-promo\n")
    XCTAssertEqual(
      try tool.run("link", "check", "--json", "rest").json["status"].text, "reserved")
    for options in [[], ["--domain", "Go.Example"]] {
      let made = try tool.run(["link", "create", url, "--slug", "promo"] + options)
      XCTAssertEqual(made.status, 0, made.complaint)
      let check = try tool.run(["link", "check", "promo"] + options)
      XCTAssertEqual(check.status, 1, check.complaint)
      XCTAssertEqual(check.output, "taken  promo\n")
      let again = try tool.run(["link", "create", url, "--slug", "promo"] + options)
      XCTAssertEqual(again.status, 1)
      XCTAssertEqual(again.complaint, "swiftlet: a link has the name promo already\n")
      let found = try tool.run(
        ["link", "create", url, "--slug", "promo", "--find-if-exists"] + options)
      XCTAssertEqual(found.output, made.output, found.complaint)
    }
    let disabled = try tool.run("link", "disable", "promo", "--domain", "go.example")
    XCTAssertEqual(disabled.output, "disabled  https://go.example/promo  https://example.org/\n")
    XCTAssertTrue(try tool.run("link", "show", "--json", "promo").json["enabled"].isTrue)
    let deleted = try tool.run("link", "delete", "promo", "--domain", "go.example")
    XCTAssertEqual(deleted.output, "deleted  https://go.example/promo\n")
    XCTAssertEqual(try tool.run("link", "restore", "promo", "--domain", "other.example").status, 1)
    XCTAssertEqual(try tool.run("link", "create", url, "--domain", "???").status, 64)
  }

  func testWhatIsWrongIsSaidBeforeAnythingIsMade() throws {
    let tool = try XCTUnwrap(tool)
    for options in [
      ["--slug", "ü"], ["--slug", "rest"], ["--length", "3"], ["--max-visits", "0"],
      ["--valid-since", "soon"], ["--tag", " "], ["--title", "a\nb"], ["--max-visits", "x"],
    ] {
      let run = try tool.run(["link", "create", "https://example.org/"] + options)
      XCTAssertEqual(run.status, 64, "\(options) \(run.output) \(run.complaint)")
    }
    XCTAssertEqual(try tool.run("link", "create", "https://sho.rt/x").status, 64)
    for options in [[], ["--title", "a", "--no-title"], ["--tag", "a", "--no-tags"]] {
      XCTAssertEqual(try tool.run(["link", "edit", "x"] + options).status, 64)
    }
    XCTAssertEqual(
      try tool.run("link", "list", "--json").json["shortUrls"]["data"].elements.count, 0)
  }
}
