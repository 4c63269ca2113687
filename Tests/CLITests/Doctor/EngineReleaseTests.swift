import TestSupport
import XCTest

@testable import swiftlet

/// Which releases of the engines doctor takes for too old.
final class EngineReleaseTests: XCTestCase {
  /// What the engines say of themselves, on both sides of each floor.
  func testAReleaseBelowTheFloorFailsWithWhatToUpdateItTo() {
    let cases: [(EngineRelease, old: [String], new: [String], floor: String)] = [
      (.postgres, ["13.16", "9.6"], ["14.0", "15.8", "17.2"], "14"),
      (.redis, ["6.2.14", "5.0.3"], ["7.0.15", "7.4.1", "8.0.0"], "7"),
      (.rabbitMQ, ["3.9.29", "3.8", "2.8.4"], ["3.10.0", "3.10.8", "3.13.7", "4.0.2"], "3.10"),
      (.clickHouse, ["18.15.9", "1.1.54394"], ["18.16.1", "21.8.15.7", "24.8.4.13"], "18.16"),
      (.nginx, ["1.18.0", "0.8.54"], ["1.22.1", "1.26.3", "1.27.0"], "1.22"),
    ]
    for (release, old, new, floor) in cases {
      for version in old {
        let finding = release.finding(version, "answered")
        XCTAssertEqual(finding.state, .failed, version)
        XCTAssertEqual(finding.detail, "\(version), answered, older than \(floor)")
        XCTAssertTrue(
          finding.advice?.hasPrefix("update it to \(floor) or later: ") == true, version)
      }
      for version in new { XCTAssertEqual(release.finding(version).state, .ok, version) }
    }
  }

  func testTheFloorsAreThoseOfTheHandbook() throws {
    let handbook = try Repository.text("supervisor/README.md")
    let floors = "PostgreSQL 14, Redis 7, RabbitMQ 3.10, ClickHouse 18.16"
    XCTAssertTrue(handbook.contains(floors))
    XCTAssertTrue(handbook.contains("nginx is older than 1.22"))
  }

  /// Each engine under test tells a number that can be compared.
  func testEachEngineTellsItsRelease() throws {
    var variables: [String: String] = [:]
    for name in ["PG_DSN", "RABBITMQ_URL", "CLICKHOUSE_URL", "REDIS_URL"] {
      variables[name] = try TestStack.value(name)
    }
    let report = try DoctorReport(variables, "--settings")
    for subject in ["PostgreSQL", "Redis", "RabbitMQ", "ClickHouse", "nginx release"] {
      let detail = try XCTUnwrap(report[subject]?["detail"])
      XCTAssertNotNil(detail.prefixMatch(of: /[0-9]+\.[0-9]+/), "\(subject): \(detail)")
    }
  }
}
