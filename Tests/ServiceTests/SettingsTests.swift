import Foundation
import Service
import XCTest

final class SettingsTests: XCTestCase {
  func testDefaultsAreUsedWhereNothingIsSet() throws {
    let settings = try Settings(Variables([:]))
    XCTAssertEqual(settings.baseURL.description, "http://localhost:8080")
    XCTAssertEqual(settings.ownHosts, ["localhost"])
    XCTAssertEqual(settings.leaseSeconds, 60)
    XCTAssertEqual(settings.shortenerRole, .all)
  }

  func testAShortenerServesAllUnlessItIsToldARole() throws {
    let roles: [([String: String], ShortenerRole)] = [
      ([:], .all), (["SHORTENER_ROLE": "redirects"], .redirects),
      (["SHORTENER_ROLE": "lookups"], .lookups),
      (["SHORTENER_ROLE": "api", "SECOND_TRY": "0"], .api),
      // As the configuration of earlier versions has it.
      (["SECOND_TRY": "1"], .retries), (["SECOND_TRY": "1", "SHORTENER_ROLE": "api"], .api),
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
  }

  func testAFileOfVariablesIsReadLineByLine() {
    XCTAssertEqual(
      Variables.parseFile("# no\n\n A = 1 \r\nexport B='two words'\nC=\"x=y\"\nD\nE=\n"),
      ["A": "1", "B": "two words", "C": "x=y", "E": ""])
  }

  /// The sample names every variable that is read, each with its default.
  func testTheSampleFileSetsWhatIsTheDefaultAnyway() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../sample.env").standardized.path
    let sample = Variables.parseFile(try String(contentsOfFile: path, encoding: .utf8))
    let fromSample = try Settings(Variables(sample))
    let fromNothing = try Settings(Variables([:]))
    for (name, value) in Mirror(reflecting: fromNothing).children {
      let other = Mirror(reflecting: fromSample).children.first { $0.label == name }?.value
      XCTAssertEqual("\(value)", "\(other ?? "missing")", name ?? "")
    }
  }
}
