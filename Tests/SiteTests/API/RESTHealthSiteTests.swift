import TestSupport
import XCTest

/// What clients of Shlink ask first: the health.
final class RESTHealthSiteTests: XCTestCase {
  func testHealthIsToldToClientsOfShlinkWithoutAKeyAndWithAnyKey() throws {
    let http = try Site().http
    for path in ["/rest/health", "/rest/v1/health", "/rest/v2/health", "/rest/v3/health"] {
      for fields in [[], [("X-Api-Key", "wrong")], [("Authorization", "Bearer wrong")]] {
        let answer = try http.get(path, fields + [("Origin", "https://app.shlink.io")])
        XCTAssertEqual(answer.status, 200, path)
        XCTAssertEqual(answer["content-type"], "application/health+json", path)
        XCTAssertEqual(answer["access-control-allow-origin"], "*", path)
        XCTAssertEqual(try answer.json["status"].text, "pass", path)
        XCTAssertTrue(try answer.json["version"].text.hasPrefix("5."), path)
        XCTAssertNotEqual(try answer.json["swiftletVersion"].text, "", path)
        XCTAssertNotEqual(try answer.json["links"]["about"].text, "", path)
      }
    }
    for path in ["/rest/v4/health", "/rest/v3", "/rest/v1", "/rest/v3/v3/health"] {
      XCTAssertEqual(try http.get(path).status, 404, path)
    }
  }

  /// A key that nobody looks at frees from no limit.
  func testHealthIsLimitedByAddressAlsoWithAKey() throws {
    let site = try LimitedSite(["LIMIT_HEALTH": "1", "LIMIT_REST": "0"])
    for path in ["/rest/health", "/rest/v3/health"] {
      var http = site.http
      http.source = path == "/rest/health" ? 1 : 2
      var statuses: [Int] = []
      while statuses.last != 429, statuses.count < 200 {
        statuses.append(try http.get(path, [("X-Api-Key", "wrong")]).status)
      }
      XCTAssertEqual(Set(statuses), [200, 429], path)
    }
  }
}
