import Foundation
import TestSupport
import XCTest

/// `swiftlet tag` and `swiftlet domain`, as an operator uses them.
final class TagCommandTests: MigratedTestCase {
  /// Makes links with tags, one of them with visits, and a domain.
  private func fill() throws {
    try XCTUnwrap(tool).query(
      """
      INSERT INTO short_urls (snowflake_id, short_code, original_url, title, domain)
      VALUES (1, 'one', 'https://example.org/1', 'One', ''),
        (2, 'two', 'https://example.org/2', 'Two', ''),
        (3, 'three', 'https://example.org/3', 'Three', 'go.example');
      INSERT INTO domains (authority) VALUES ('go.example');
      INSERT INTO tags (name) VALUES ('summer'), ('winter'), (E'\\u202Eevil');
      INSERT INTO short_url_tags SELECT 1, id FROM tags WHERE name IN ('summer', 'winter');
      INSERT INTO short_url_tags SELECT 2, id FROM tags WHERE name = 'summer';
      INSERT INTO link_visits VALUES (1, 7, 2), (3, 1, 1);
      """)
  }

  private func run(_ arguments: [String]) throws -> CommandLineTool.Run {
    let process = try XCTUnwrap(tool).process(arguments)
    try process.run()
    return CommandLineTool.finish(process)
  }

  private func tags() throws -> [String] {
    let run = try run(["tag", "list", "--json"])
    XCTAssertEqual(run.status, 0, run.complaint)
    return try run.json["tags"]["data"].elements.map {
      "\(try $0["tag"].text) \(try $0["shortUrlsCount"].number)"
    }
  }

  func testTagsAreListedRenamedAndDeleted() throws {
    try fill()
    XCTAssertEqual(try tags().filter { !$0.contains("evil") }, ["summer 2", "winter 1"])
    let table = try run(["tag", "list", "--order", "visits-DESC", "--limit", "2"])
    XCTAssertEqual(table.status, 0, table.complaint)
    let lines = table.output.split(separator: "\n").map(String.init)
    XCTAssertEqual(lines[0].split(separator: " "), ["LINKS", "VISITS", "PEOPLE", "TAG"])
    XCTAssertEqual(lines[1].split(separator: " "), ["2", "7", "5", "summer"])
    XCTAssertEqual(lines[2].split(separator: " "), ["1", "7", "5", "winter"])
    XCTAssertTrue(lines[3].hasPrefix("page 1 of 2, 3 tags; go on with --cursor c"), lines[3])
    XCTAssertFalse(try run(["tag", "list"]).output.contains("\u{202E}"))

    XCTAssertEqual(
      try run(["tag", "rename", "Winter", "Cold Time"]).output, "renamed  winter  cold-time\n")
    XCTAssertEqual(try run(["tag", "rename", "winter", "x"]).status, 1)
    XCTAssertEqual(try run(["tag", "rename", "summer", "cold-time"]).status, 1)
    XCTAssertEqual(try run(["tag", "rename", "summer", " "]).status, 64)
    let deleted = try run(["tag", "delete", "SUMMER", "none"])
    XCTAssertEqual(deleted.status, 1, "the others are deleted")
    XCTAssertEqual(deleted.complaint, "swiftlet: there is no tag none\n")
    XCTAssertEqual(try tags().filter { !$0.contains("evil") }, ["cold-time 1"])
    XCTAssertEqual(try run(["link", "list", "--json"]).json["shortUrls"]["data"].elements.count, 3)
  }

  func testLinksAreListedByTagsDomainsAndVisits() throws {
    try fill()
    func codes(_ options: String...) throws -> [String] {
      let run = try run(["link", "list", "--json", "--order", "shortCode"] + options)
      XCTAssertEqual(run.status, 0, run.complaint)
      return try run.json["shortUrls"]["data"].elements.map { try $0["shortCode"].text }
    }
    XCTAssertEqual(try codes("--tag", "summer"), ["one", "two"])
    XCTAssertEqual(try codes("--tag", "summer", "--tag", "winter", "--all-tags"), ["one"])
    XCTAssertEqual(try codes("--without-tag", "winter"), ["three", "two"])
    XCTAssertEqual(
      try codes("--without-tag", "winter", "--without-tag", "summer", "--without-all-tags"),
      ["three", "two"])
    XCTAssertEqual(try codes("--domain", "go.example"), ["three"])
    XCTAssertEqual(try codes("--domain", "DEFAULT"), ["one", "two"])
    XCTAssertEqual(try codes("--key", "nobody"), [])
    XCTAssertEqual(try codes("--to", "2020-01-01"), [])
    XCTAssertEqual(try codes("--without-spent", "--without-ended"), ["one", "three", "two"])
    let visited = try run(["link", "list", "--json", "--order", "visits-DESC"])
    XCTAssertEqual(
      try visited.json["shortUrls"]["data"].elements.map { try $0["shortCode"].text },
      ["one", "three", "two"])
    XCTAssertEqual(try run(["link", "list", "--tag", "\t"]).status, 64)
  }

  func testDomainsAreListed() throws {
    try fill()
    let run = try run(["domain", "list"])
    XCTAssertEqual(run.status, 0, run.complaint)
    let lines = run.output.split(separator: "\n").map { $0.split(separator: " ").prefix(2) }
    XCTAssertEqual(lines.dropFirst(), [["sho.rt", "yes"], ["go.example", "no"]])
    XCTAssertEqual(
      try self.run(["domain", "list", "--json"]).json["domains"]["data"].elements.map {
        try $0["domain"].text
      }, ["sho.rt", "go.example"])
  }

  func testTheRedirectsOfADomainAreSetAndTakenAway() throws {
    try fill()
    let none = ["domain", "redirects", "new.example"]
    XCTAssertEqual(try run(none).status, 64)
    XCTAssertEqual(try run(none + ["--base-url", "foo"]).status, 64)
    XCTAssertEqual(
      try run(none + ["--base-url", "https://example.org/", "--no-base-url"]).status, 64)
    let set = try run(
      none + ["--base-url", "https://example.org/home", "--regular-404", "https://example.org/404"])
    XCTAssertEqual(set.status, 0, set.complaint)
    XCTAssertEqual(
      set.output.split(separator: "\n").last?.split(separator: " "),
      ["https://example.org/home", "https://example.org/404"])
    let cleared = try run(
      none + ["--json", "--no-base-url", "--invalid-short-url", "https://example.org/lost"])
    XCTAssertEqual(cleared.status, 0, cleared.complaint)
    XCTAssertEqual(
      cleared.output.trimmingCharacters(in: .whitespacesAndNewlines),
      #"{"baseUrlRedirect":null,"regular404Redirect":"https://example.org/404","#
        + #""invalidShortUrlRedirect":"https://example.org/lost"}"#)
    XCTAssertTrue(try run(["domain", "list"]).output.contains("new.example"))
    XCTAssertEqual(
      try run(["domain", "redirects", "192.168.1.1", "--no-base-url"]).status, 64)
  }
}
