import Foundation
import TestSupport
import XCTest

@testable import Service

final class SettingsTests: XCTestCase {
  func testDefaultsAreUsedWhereNothingIsSet() throws {
    let settings = try Settings(Variables([:]))
    XCTAssertEqual(settings.baseURL.description, "http://localhost:8080")
    XCTAssertEqual(settings.ownHosts, ["localhost"])
    XCTAssertEqual(settings.leaseSeconds, 60)
    XCTAssertEqual(settings.shortenerRole, .all)
  }

  func testAShortenerServesAllRedirectsUnlessItIsToldARole() throws {
    let roles: [([String: String], ShortenerRole)] = [
      ([:], .all), (["SHORTENER_ROLE": "redirects"], .redirects),
      (["SHORTENER_ROLE": "lookups"], .lookups),
      (["SHORTENER_ROLE": "redirects", "SECOND_TRY": "0"], .redirects),
      // As the configuration of earlier versions has it.
      (["SECOND_TRY": "1"], .retries), (["SECOND_TRY": "1", "SHORTENER_ROLE": "all"], .all),
    ]
    for (variables, role) in roles {
      XCTAssertEqual(try Settings(Variables(variables)).shortenerRole, role, "\(variables)")
    }
  }

  func testAWrongValueIsNamedWithWhatItShouldLookLike() {
    let wrong = [
      "REDIS_URL": "localhost:6379", "RABBITMQ_URL": "http://x", "CLICKHOUSE_URL": "tcp://x",
      "BASE_URL": "https://sho.rt/go", "WORKER_ID_LEASE_TTL": "soon", "CACHE_TTL": "0",
      "LOG_LEVEL": "loud", "SHORTENER_ROLE": "every", "RELAY_WINDOW": "-1",
      "RELAY_MESSAGE_BYTES": "4096", "STATE_DIR": "/var/lib/swiftlet/journal/state",
      "WORKER_CONNECTIONS": "0", "BATCH_MAX_ROWS": "1e6",
    ]
    for (name, value) in wrong {
      XCTAssertThrowsError(try Settings(Variables([name: value]))) { error in
        let line = "\(error)"
        XCTAssertTrue(line.hasPrefix("\(name): ") && line.contains("it should be"), line)
        XCTAssertFalse(line.contains("\n"))
      }
    }
  }

  func testTheStateIsOutsideTheJournalsHoweverManySlashesTheirPathsHave() throws {
    for (journals, state) in [
      ("/srv/a/", "/srv/a/state"), ("/srv//a", "/srv/a/state"), ("/srv/a", "/srv/a//"),
      // A slash with a combining mark behind it.
      ("/srv/a", "/srv/a/\u{301}state"),
    ] {
      let variables = Variables(["JOURNAL_DIR": journals, "STATE_DIR": state])
      XCTAssertThrowsError(try Settings(variables)) { error in
        XCTAssertTrue("\(error)".hasPrefix("STATE_DIR: "), "\(error)")
      }
    }
    XCTAssertNoThrow(
      try Settings(Variables(["JOURNAL_DIR": "/srv/a/", "STATE_DIR": "/srv/ab"])))
  }

  func testTheHostOfTheBaseURLIsOneThatCannotBeShortened() throws {
    let settings = try Settings(
      Variables(["BASE_URL": "https://Sho.RT:8443/", "OWN_HOSTS": "a.example, b.example"]))
    XCTAssertEqual(settings.baseURL.description, "https://sho.rt:8443")
    XCTAssertEqual(settings.ownHosts, ["a.example", "b.example", "sho.rt"])
    for host in settings.ownHosts { XCTAssertTrue(settings.baseURL.isOwn(host), host) }
    XCTAssertFalse(settings.baseURL.isOwn("c.example"))
  }

  func testAFileOfVariablesIsReadLineByLine() {
    XCTAssertEqual(
      Variables.parseFile("# no\n\n A = 1 \r\nexport B='two words'\nC=\"x=y\"\nD\nE=\n"),
      ["A": "1", "B": "two words", "C": "x=y", "E": ""])
    XCTAssertEqual(Variables.parseFile("\u{FEFF}A=1\nA=2\n"), ["A": "2"])
    XCTAssertEqual(Variables.parseFile("\u{FEFF}A=1"), ["A": "1"])
  }

  func testWhatTheProcessWasGivenWinsOverTheFirstFileThatExists() throws {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("swiftlet-settings-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let (first, second) = (directory.path + "/.env", directory.path + "/second")
    try "A=second\nB=second\nC=second\n".write(toFile: second, atomically: true, encoding: .utf8)

    func load(_ environment: [String: String]) throws -> Variables {
      try Variables.load(environment, places: [first, second])
    }
    var variables = try load(["A": "own", "B": ""])
    XCTAssertEqual(variables.file, second)
    XCTAssertEqual(["A", "B", "C", "D"].map { variables[$0] }, ["own", "second", "second", nil])

    try "C=first\n".write(toFile: first, atomically: true, encoding: .utf8)
    variables = try load(["A": "own", "SWIFTLET_ENV": ""])
    XCTAssertEqual(variables.file, first)
    XCTAssertEqual(["A", "B", "C"].map { variables[$0] }, ["own", nil, "first"])

    XCTAssertEqual(try load(["SWIFTLET_ENV": second])["C"], "second")
    XCTAssertNil(try load(["SWIFTLET_ENV": "/dev/null"])["C"])
  }

  func testAFileThatCannotBeReadIsNotTakenForAnAbsentOne() throws {
    for (environment, path) in [
      (["SWIFTLET_ENV": "/nonexistent/env"], "/nonexistent/env"), ([:], "/proc"),
      (["SWIFTLET_ENV": "/"], "/"), ([:], "/" + String(repeating: "x", count: 300)),
    ] {
      XCTAssertThrowsError(try Variables.load(environment, places: ["/nonexistent/env", path])) {
        XCTAssertTrue(
          "\($0)".hasPrefix(
            "SWIFTLET_ENV: \"\(path)\" is not valid; it should be a file that can be read"),
          "\($0)")
      }
    }
  }

  /// Whatever a program reads is in a group, and so in `sample.env`.
  func testEveryDeclaredSettingIsListedOnceAndItsDefaultIsOfItsForm() throws {
    let listed = SettingGroup.all.flatMap(\.settings)
    let groups = Repository.url("Sources/Service/Settings/Groups")
    let declared = try FileManager.default
      .contentsOfDirectory(at: groups, includingPropertiesForKeys: nil)
      .flatMap { file in
        try String(contentsOf: file, encoding: .utf8)
          .matches(of: /\sSetting\(\s*(?:\/\/.*\s*)?"([A-Z_]+)"/).map { String($0.1) }
      }
    XCTAssertEqual(declared.filter { $0 != "SECOND_TRY" }.sorted(), listed.map(\.name).sorted())
    XCTAssertEqual(Set(declared).count, declared.count)
    for setting in listed {
      XCTAssertNil(
        setting.fallback.isEmpty ? nil : setting.form.expectation(for: setting.fallback),
        setting.name)
      XCTAssertFalse(setting.text.isEmpty || setting.text.contains("|"), setting.name)
    }
  }
}
