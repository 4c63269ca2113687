import TestSupport
import XCTest

/// What the operator is told of wrong input, and the exit status, as `swiftlet --help` promises it.
final class ComplaintCommandTests: MigratedTestCase {
  private let url = "https://example.org/"

  /// Wrong usage and wrong values are 64, what isn't there is 1, wrong settings are 78.
  func testEachFailureHasTheStatusThatTheHelpPromises() throws {
    let tool = try XCTUnwrap(tool)
    for (status, words) in [
      (64, ["link", "create", url, "--domain", "???"]),
      (64, ["link", "create", url, "--domain", "192.0.2.1"]),
      (64, ["link", "create", "https://sho.rt/x"]), (64, ["link", "show", "???"]),
      (64, ["domain", "delete", "???"]), (64, ["domain", "delete", "DEFAULT"]),
      (64, ["rule", "set", "x", "/no/such/file"]), (64, ["agents", "update", "/no/such/file"]),
      (64, ["agents", "update", "/dev/null"]), (1, ["domain", "delete", "none.example"]),
      (1, ["tag", "delete", "none"]), (1, ["key", "delete", "none"]),
      (1, ["link", "show", "none"]),
      (1, ["tenant", "delete", "none"]), (1, ["link", "create", url, "--slug", "twice"]),
    ] as [(Int32, [String])] {
      if status == 1, words.last == "twice" {
        XCTAssertEqual(try tool.run(words).status, 0)
      }
      if words.contains("x"), words.contains("set") {
        XCTAssertEqual(try tool.run(["link", "create", url, "--slug", "x"]).status, 0)
      }
      let run = try tool.run(words)
      XCTAssertEqual(run.status, status, "\(words) \(run.complaint)")
    }
    XCTAssertEqual(try tool.run("doctor", with: ["CACHE_TTL": "soon"]).status, 78)
    let down = try tool.run("link", "list", with: ["PG_DSN": "host=/nonexistent"])
    XCTAssertEqual(down.status, 69, down.complaint)
  }

  func testComplaintsNameOptionsAndSayWhatWouldBeRight() throws {
    let tool = try XCTUnwrap(tool)
    let create = ["link", "create", url]
    for (words, expected) in [
      (create + ["--slug", "a--"], "--slug must end in a letter or digit, behind which one of"),
      (create + ["--slug", "ü"], "--slug may have A-Z, a-z, 0-9, - . _ ~ and blanks only"),
      (
        create + ["--prefix", String(repeating: "a", count: 200)]
          + ["--slug", String(repeating: "b", count: 56)],
        "--slug is too long: a name has 255 characters at most, its beginning among them; these are 256"
      ),
      (create + ["--length", "3"], "--length must"),
      (create + ["--max-visits", "0"], "--max-visits must"),
      (create + ["--valid-since", "soon"], "--valid-since must be a date such as"),
      (create + ["--valid-until", "1969-12-31"], "--valid-until must be in 1970 or later"),
      (
        create + ["--valid-since", "2027-01-02", "--valid-until", "2027-01-01"],
        "--valid-until must not be before the time from which the link is valid"
      ),
      (create + ["--domain", "???"], "the domain must be the name of a host"),
      (["key", "create", "k", "--rate-limit", "0"], "--rate-limit must"),
      (["key", "create", "k", "--expires", "1969-12-31T00:00:00Z"], "--expires must be in 1970"),
      (["domain", "redirects", "go.ex", "--regular-404", url + long], "--regular-404 may have"),
      (["domain", "delete", "none.example"], "there is no domain none.example: `swiftlet domain"),
      (["domain", "delete", "DEFAULT"], "the domain is the default one, which can't be deleted"),
      (["key", "delete", "none"], "no API key has the name or id none: `swiftlet key list`"),
      (["rule", "add", "x", "--to=foo", "--when=device=ios"], "--to: The URL"),
      (
        ["rule", "add", "x", "--to", url, "--when=device=ios", "--when=device=fax"],
        "--when device=fax: "
      ),
    ] {
      if words.first == "rule" { _ = try tool.run(create + ["--slug", "x"]) }
      let run = try tool.run(words)
      XCTAssertTrue(run.complaint.contains(expected), "\(words) \(run.complaint)")
      for member in ["longUrl", "customSlug", "validUntil", "shortCodeLength", "redirectRules"] {
        XCTAssertFalse(run.complaint.contains(member), run.complaint)
      }
    }
  }

  private let long = String(repeating: "a", count: 1100)

  func testTheURLOfALinkInAnotherDomainTellsTheDomain() throws {
    let tool = try XCTUnwrap(tool)
    let made = try tool.run("link", "create", url, "--slug", "promo", "--domain", "go.example")
    XCTAssertEqual(made.output, "https://go.example/promo\n", made.complaint)
    for argument in [
      "https://go.example/promo", "HTTP://GO.example:8080/promo/?a=b", "go.example/promo",
    ] {
      let shown = try tool.run("link", "show", "--json", argument)
      XCTAssertEqual(shown.status, 0, shown.complaint)
      XCTAssertEqual(try shown.json["domain"].text, "go.example")
      XCTAssertEqual(try tool.run("resolve", argument).output, url + "\n")
      XCTAssertEqual(try tool.run("rule", "list", argument).status, 0)
    }
    let edited = try tool.run(
      "link", "edit", "https://go.example/promo", "--domain", "go.example", "--title", "a")
    XCTAssertEqual(edited.status, 0, edited.complaint)
    // A name of the default domain beside it, and the same one twice.
    XCTAssertEqual(try tool.run("link", "create", url, "--slug", "promo").status, 0)
    let deleted = try tool.run(
      "link", "delete", "https://go.example/promo", "https://sho.rt/promo", "go.example/promo")
    XCTAssertEqual(
      deleted.output, "deleted  https://go.example/promo\ndeleted  https://sho.rt/promo\n",
      deleted.complaint)
    for wrong in [
      ["https://other.example/promo"], ["https://go.example/promo", "--domain", "sho.rt"],
    ] {
      XCTAssertEqual(try tool.run(["link", "show"] + wrong).status, 64)
    }
    let stats = try tool.run("stats", "https://go.example/promo")
    XCTAssertEqual(stats.status, 64)
    XCTAssertTrue(stats.complaint.contains("links of the default domain"), stats.complaint)
  }
}
