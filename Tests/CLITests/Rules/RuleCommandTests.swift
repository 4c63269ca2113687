import Foundation
import TestSupport
import XCTest

/// `swiftlet rule`, as an operator uses it.
final class RuleCommandTests: MigratedTestCase {
  private func make() throws -> String {
    let made = try XCTUnwrap(tool).run("shorten", "--json", "https://example.org/")
    XCTAssertEqual(made.status, 0, made.complaint)
    return try made.json["short_code"].text
  }

  func testRulesAreAddedListedAndRemoved() throws {
    let (tool, code) = (try XCTUnwrap(tool), try make())
    XCTAssertEqual(
      try tool.run("rule", "list", code).output,
      """
      RULE  WHEN    LONG URL
      -     always  https://example.org/

      """)
    let first = try tool.run(
      "rule", "add", code, "--to", "https://a.example/", "--when", "device=ios", "--when",
      "query-param:from=a=b")
    XCTAssertEqual(first.status, 0, first.complaint)
    let second = try tool.run(
      "rule", "add", "https://sho.rt/\(code)", "--to=https://b.example/", "--at=1",
      "--when=ip-address=2001:db8::/32", "--when=valueless-query-param:x")
    let conditions = "ip-address=2001:db8::/32 and valueless-query-param:x"
    func line(_ rule: String, _ when: String, _ url: String) -> String {
      "\(rule)  " + when + String(repeating: " ", count: conditions.count + 2 - when.count) + url
    }
    XCTAssertEqual(
      second.output.split(separator: "\n").map(String.init),
      [
        line("RULE", "WHEN", "LONG URL"), line("1   ", conditions, "https://b.example/"),
        line("2   ", "device=ios and query-param:from=a=b", "https://a.example/"),
        line("-   ", "else", "https://example.org/"),
      ])
    let removed = try tool.run("rule", "remove", code, "2", "--json")
    XCTAssertEqual(
      try removed.json["redirectRules"].elements.map { try $0["longUrl"].text },
      ["https://b.example/"])
    let none = try tool.run("rule", "remove", code, "--all", "--json")
    XCTAssertEqual(try none.json["redirectRules"].elements.count, 0)
    XCTAssertEqual(try none.json["defaultLongUrl"].text, "https://example.org/")
  }

  func testAListThatWasWrittenCanBeSetOnAnotherLink() throws {
    let (tool, one, two) = (try XCTUnwrap(tool), try make(), try make())
    let added = try tool.run(
      "rule", "add", one, "--to=https://a.example/ü", "--when=after-date=2026-01-31", "--json")
    let file = FileManager.default.temporaryDirectory.appending(path: "rules-\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(added.output.utf8).write(to: file)
    let set = try tool.run("rule", "set", two, file.path, "--json")
    XCTAssertEqual(set.status, 0, set.complaint)
    XCTAssertEqual(set.output, added.output)
  }

  func testATestSaysWhereAVisitorWouldBeLed() throws {
    let (tool, code) = (try XCTUnwrap(tool), try make())
    XCTAssertEqual(try tool.run("rule", "test", code).output, "no rule: https://example.org/\n")
    let added = try tool.run(
      "rule", "add", code, "--to=https://a.example/", "--when=device=ios", "--when=language=de")
    XCTAssertEqual(added.status, 0, added.complaint)
    let visitor = ["--user-agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 16_2 like Mac OS X)"]
    XCTAssertEqual(
      try tool.run("rule", "test", code, "--language", "de, en;q=0.5", visitor[0], visitor[1])
        .output,
      """
      RULE  WHEN         HOLDS  BECAUSE
      1     device=ios   yes    the user agent is ios, mobile
      1     language=de  yes    Accept-Language is de, en;q=0.5
      rule 1: https://a.example/

      """)
    let json = try tool.run("rule", "test", code, "--json", "--address", "::1").json
    XCTAssertEqual(try json["longUrl"].text, "https://example.org/")
    XCTAssertTrue(try json["rule"].isNull)
  }

  func testPlacesNeedADatabaseAndEachAnswerTellsOfIt() throws {
    let (tool, code) = (try XCTUnwrap(tool), try make())
    let directory = try ScratchDirectory("rules")
    let path = directory("geo.mmdb")
    func run(_ arguments: String...) throws -> CommandLineTool.Run {
      let process = tool.process(["rule"] + arguments, ["GEO_DB": path])
      try process.run()
      return CommandLineTool.finish(process)
    }
    let condition = "--when=geolocation-city-name=São Paulo"
    let off = try tool.run("rule", "add", code, "--to=https://a.example/", condition)
    XCTAssertTrue(
      off.output.hasSuffix("\nGEO_DB is not set: conditions on places hold for nobody.\n"))
    XCTAssertTrue(
      try run("list", code).output.hasSuffix(
        "\nGEO_DB can't be read: conditions on places hold for nobody.\n"))
    try GeoDatabaseFile([("2001:db8::/32", "BR", "São Paulo")])
      .replace(URL(fileURLWithPath: path))
    XCTAssertEqual(try run("list", code, "--json").json["geolocation"].text, "works")
    XCTAssertFalse(try run("list", code).output.contains("GEO_DB"))
    XCTAssertEqual(
      try run("test", code, "--address", "2001:db8::1").output,
      """
      RULE  WHEN                             HOLDS  BECAUSE
      1     geolocation-city-name=São Paulo  yes    the city is São Paulo
      rule 1: https://a.example/

      """)
  }

  func testWrongUseChangesNothing() throws {
    let (tool, code) = (try XCTUnwrap(tool), try make())
    for arguments in [
      ["add", code, "--to=https://a.example/"], ["add", code, "--when=device=ios"],
      ["add", code, "--to=https://a.example/", "--when=device=fax"],
      ["add", code, "--to=https://a.example/", "--when=moon=full"],
      ["add", code, "--to=https://a.example/", "--when="],
      ["add", code, "--to=https://sho.rt/x", "--when=device=ios"],
      ["add", code, "--to=https://a.example/", "--when=device=ios", "--at=2"],
      ["add", code, "--to=https://a.example/", "--when=device=ios", "--at=0"],
      ["remove", code], ["remove", code, "1"], ["remove", code, "1", "--all"],
      ["set", code, "/dev/null"], ["test", code, "--address=x"], ["test", code, "--time=soon"],
    ] {
      let process = tool.process(["rule"] + arguments)
      try process.run()
      let refused = CommandLineTool.finish(process)
      XCTAssertEqual(refused.status, 64, "\(arguments) \(refused.output)")
    }
    XCTAssertEqual(try tool.run("rule", "set", code, "/no/such/file").status, 64)
    XCTAssertEqual(try tool.run("rule", "list", "nothing").status, 1)
    XCTAssertEqual(try tool.run("rule", "list", code, "--domain=other.example").status, 1)
    XCTAssertEqual(
      try tool.run("rule", "list", code, "--json").json["redirectRules"].elements.count, 0)
  }
}
