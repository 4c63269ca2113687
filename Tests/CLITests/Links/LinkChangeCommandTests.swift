import Foundation
import TestSupport
import XCTest

/// `swiftlet link`, as an operator uses it.
final class LinkChangeCommandTests: MigratedTestCase {
  /// Makes a link; gives its code.
  private func make(_ url: String = "https://example.org/") throws -> String {
    let made = try XCTUnwrap(tool).run("shorten", "--json", url)
    XCTAssertEqual(made.status, 0, made.complaint)
    return try made.json["short_code"].text
  }

  private func state(_ code: String) throws -> String {
    try XCTUnwrap(tool).run("resolve", "--json", code).json["state"].text
  }

  /// The codes in the outbox, in the order in which they were written.
  private func outbox() throws -> [String] {
    let codes = try Command.check(
      "/usr/bin/psql",
      [
        "-AtX", try XCTUnwrap(XCTUnwrap(tool).environment["PG_DSN"]), "-c",
        "SELECT slug FROM outbox ORDER BY id",
      ])
    return codes.split(separator: "\n").map(String.init)
  }

  func testAnEditedLinkLeadsElsewhere() throws {
    let tool = try XCTUnwrap(tool)
    let code = try make()
    let edited = try tool.run("link", "edit", code, "--url", "https://example.org/b%2F?c='d'")
    XCTAssertEqual(edited.status, 0, edited.complaint)
    XCTAssertEqual(
      edited.output, "enabled  https://sho.rt/\(code)  https://example.org/b%2F?c='d'\n")
    XCTAssertEqual(edited.complaint, "")
    XCTAssertEqual(try tool.run("resolve", code).output, "https://example.org/b%2F?c='d'\n")
    XCTAssertEqual(try outbox(), [code])

    let pasted = try tool.run(
      "link", "edit", "--json", " HTTPS://Sho.rt/\(code)/?utm=x#y",
      "--url=https://b\u{FC}cher.example/")
    let link = try XCTUnwrap(pasted.json.elements.first)
    XCTAssertEqual(try link["shortCode"].text, code)
    XCTAssertEqual(try link["shortUrl"].text, "https://sho.rt/" + code)
    XCTAssertEqual(try link["longUrl"].text, "https://xn--bcher-kva.example/")
    XCTAssertTrue(try link["enabled"].isTrue)
  }

  func testARefusedDestinationChangesNothing() throws {
    let tool = try XCTUnwrap(tool)
    let code = try make()
    for url in [
      "", "x", "javascript:alert(1)", "https://sho.rt/\(code)",
      "http://127.0.0.1/", "https://example.org/\u{1B}[2J", "https://example.org/a\nb",
      "https://user@@example.org/", "http://2130706433./",
      "https://example.org/" + String(repeating: "a", count: 100_000),
    ] {
      let refused = try tool.run("link", "edit", code, "--url", url)
      XCTAssertEqual(refused.status, 64, url + refused.output)
      XCTAssertFalse(refused.complaint.contains("\u{1B}"), url)
    }
    XCTAssertEqual(try tool.run("link", "edit", code).status, 64, "no URL")
    XCTAssertEqual(try tool.run("resolve", code).output, "https://example.org/\n")
    XCTAssertEqual(try outbox(), [])
  }

  func testLinksAreTakenDownPutUpAgainAndDeletedForGood() throws {
    let tool = try XCTUnwrap(tool)
    let (one, two) = (try make(), try make())
    let disabled = try tool.run("link", "disable", one, "https://sho.rt/\(two)", one + ".")
    XCTAssertEqual(disabled.status, 0, disabled.complaint)
    XCTAssertEqual(disabled.output.split(separator: "\n").count, 2, "each link once")
    XCTAssertEqual(try [state(one), state(two)], ["disabled", "disabled"])
    let resolved = try tool.run("resolve", one)
    XCTAssertEqual(resolved.status, 0)
    XCTAssertEqual(resolved.output, "https://example.org/\n")
    XCTAssertEqual(resolved.complaint, "swiftlet: \(one) is disabled: it is answered by 410\n")
    XCTAssertEqual(try tool.run("stats", one).status, 0, "statistics stay")

    XCTAssertEqual(try tool.run("link", "enable", one).status, 0)
    XCTAssertEqual(try [state(one), state(two)], ["enabled", "disabled"])
    for _ in 1...2 {
      let deleted = try tool.run("link", "delete", one)
      XCTAssertEqual(deleted.output, "deleted  https://sho.rt/\(one)\n", deleted.complaint)
      XCTAssertEqual(deleted.status, 0)
    }
    XCTAssertEqual(try state(one), "deleted")
    let stats = try tool.run("stats", one)
    XCTAssertEqual(stats.status, 1)
    XCTAssertEqual(stats.complaint, "swiftlet: there is no link \(one)\n")
    XCTAssertEqual(Set(try outbox().prefix(2)), [one, two])
    XCTAssertEqual(try outbox().dropFirst(2), [one, one, one])
  }

  func testADeletedOrUnknownLinkIsNamedAndTheOthersAreChanged() throws {
    let tool = try XCTUnwrap(tool)
    let (one, two) = (try make(), try make())
    XCTAssertEqual(try tool.run("link", "delete", two).status, 0)
    for verb in ["enable", "disable"] {
      let run = try tool.run("link", verb, "--json", "doesnotexist", two, one)
      XCTAssertEqual(run.status, 1)
      XCTAssertEqual(
        run.complaint,
        """
        swiftlet: there is no link doesnotexist
        swiftlet: \(two) is deleted: it can't be changed

        """)
      XCTAssertEqual(try run.json.elements.map { try $0["shortCode"].text }, [one])
    }
    XCTAssertEqual(try [state(one), state(two)], ["disabled", "deleted"])
    let edited = try tool.run("link", "edit", two, "--url", "https://example.org/2")
    XCTAssertEqual(edited.status, 1)
    XCTAssertEqual(edited.complaint, "swiftlet: \(two) is deleted: it can't be changed\n")
    XCTAssertEqual(edited.output, "")
    let none = try tool.run("link", "disable", "--json", "doesnotexist")
    XCTAssertEqual(none.status, 1)
    XCTAssertEqual(none.output, "[]\n")
    XCTAssertEqual(try outbox(), [two, one, one])
  }

  func testWhatIsNoCodeIsWrongUsageBeforeAnythingIsChanged() throws {
    let tool = try XCTUnwrap(tool)
    let code = try make()
    for bad in [
      "a//b", "", " ", "https://evil.example/\(code)", "http://sho.rt.evil.example/\(code)",
      "\u{202E}\u{1F4A9}", "'; DROP TABLE outbox --", "../\(code)", "https://sho.rt/",
      String(repeating: "a", count: 256), "{\(code),x}", "%00",
    ] {
      let run = try tool.run("link", "disable", code, bad)
      XCTAssertEqual(run.status, 64, bad + run.output + run.complaint)
    }
    XCTAssertEqual(try tool.run("link", "disable").status, 64)
    XCTAssertEqual(try tool.run("link", "destroy", code).status, 64)
    XCTAssertEqual(try state(code), "enabled")
    // A slug may begin with what an option begins with.
    XCTAssertEqual(try tool.run("link", "disable", "--", "-x9").status, 1)
    XCTAssertEqual(try outbox(), [])
  }

  func testSixHundredLinksAtOnceAreAllChanged() throws {
    let tool = try XCTUnwrap(tool)
    let dsn = try XCTUnwrap(tool.environment["PG_DSN"])
    _ = try Command.check(
      "/usr/bin/psql",
      [
        "-qX", dsn, "-c",
        """
        INSERT INTO short_urls (snowflake_id, short_code, original_url)
        SELECT number, 'many' || number, 'http://e.org/' FROM generate_series(1, 600) AS number
        """,
      ])
    let process = tool.process(["link", "disable"] + (1...600).map { "many\($0)" })
    try process.run()
    let run = CommandLineTool.finish(process)
    XCTAssertEqual(run.status, 0, run.complaint)
    XCTAssertEqual(run.output.split(separator: "\n").count, 600)
    XCTAssertEqual(try outbox().count, 600)
  }

  /// Somebody may have put it there by hand.
  func testALinkThatLeadsNowhereIsTakenDownAndCantDisturbTheTerminal() throws {
    let tool = try XCTUnwrap(tool)
    _ = try Command.check(
      "/usr/bin/psql",
      [
        "-qX", try XCTUnwrap(tool.environment["PG_DSN"]), "-c",
        """
        INSERT INTO short_urls (snowflake_id, short_code, original_url)
        VALUES (-1, 'odd', E'javascript:\\x1B[2J\\n')
        """,
      ])
    let disabled = try tool.run("link", "disable", "odd")
    XCTAssertEqual(disabled.status, 0, disabled.complaint)
    XCTAssertEqual(
      disabled.output, "disabled  https://sho.rt/odd  javascript:\u{FFFD}[2J\u{FFFD}\n")
    XCTAssertEqual(try tool.run("link", "delete", "odd").status, 0)
    XCTAssertEqual(try outbox(), ["odd", "odd"])
  }

  /// No dispatcher looks after these databases.
  func testRedisIsToldBeforeTheCommandEnds() throws {
    let tool = try XCTUnwrap(tool)
    let (redis, code) = (try PrivateRedis(), try make())
    for words in [
      ["edit", code, "--url", "https://example.org/2"], ["disable", code], ["enable", code],
      ["delete", code],
    ] {
      try redis.command("SET", "short_url:\(code)", "https://example.org/")
      let process = tool.process(["link"] + words, ["REDIS_URL": redis.url])
      try process.run()
      let run = CommandLineTool.finish(process)
      XCTAssertEqual(run.status, 0, run.complaint)
      XCTAssertEqual(run.complaint, "")
      XCTAssertEqual(try redis.command("EXISTS", "short_url:\(code)"), "0\n", "\(words)")
    }
  }

  func testWithoutRedisAChangeIsMadeAndTheNoteSaysWhoAnnouncesIt() throws {
    let tool = try XCTUnwrap(tool)
    let code = try make()
    let run = try tool.run(
      "link", "disable", code, with: ["REDIS_URL": "redis://127.0.0.1:1/0"])
    XCTAssertEqual(run.status, 0, run.complaint)
    XCTAssertEqual(run.output, "disabled  https://sho.rt/\(code)  https://example.org/\n")
    XCTAssertTrue(run.complaint.contains("Redis can't be told"), run.complaint)
    XCTAssertTrue(run.complaint.contains("dispatcher"), run.complaint)
    XCTAssertEqual(run.complaint.split(separator: "\n").count, 1, run.complaint)
    XCTAssertEqual(try state(code), "disabled")
  }

  func testWithoutPostgreSQLNothingIsChangedAndNobodyIsTold() throws {
    let tool = try XCTUnwrap(tool)
    let code = try make()
    let failed = try tool.run(
      "link", "delete", code, with: ["PG_DSN": "postgresql:///x?host=/nonexistent"])
    XCTAssertEqual(failed.status, 69)
    XCTAssertTrue(failed.complaint.hasPrefix("swiftlet: postgres: "), failed.complaint)
    XCTAssertEqual(failed.output, "")
    XCTAssertEqual(try state(code), "enabled")
  }

  /// The schema of the release before: a program that is newer than it says what is missing.
  func testWithoutTheMigrationTheErrorNamesWhatIsMissing() throws {
    let tool = try CommandLineTool()
    defer { try? tool.dropDatabases() }
    let directory = try ScratchDirectory("migrations")
    for engine in ["postgres", "clickhouse"] {
      _ = try directory.make(engine)
      let shipped = Repository.url("migrations").path + "/\(engine)"
      for name in try FileManager.default.contentsOfDirectory(atPath: shipped)
      where engine == "clickhouse" || name < "0004" {
        try FileManager.default.copyItem(
          atPath: "\(shipped)/\(name)", toPath: directory("\(engine)/\(name)"))
      }
    }
    XCTAssertEqual(try tool.run("migrate", "--directory", directory.path).status, 0)
    let failed = try tool.run("link", "disable", "abc")
    XCTAssertEqual(failed.status, 70)
    XCTAssertTrue(failed.complaint.contains("42703"), failed.complaint)
  }
}
