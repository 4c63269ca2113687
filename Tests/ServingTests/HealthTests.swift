import HTTPTypes
import TestSupport
import Web
import XCTest

@testable import Serving
@testable import Sessions

final class HealthTests: XCTestCase {
  private func answer(down: Set<String>, remarks: [String] = []) throws -> (Int, JSONAnswer) {
    let dependencies = ["postgres", "redis", "relay"].map { name in
      Dependency(name: name) { () throws(StoreError) in
        guard !down.contains(name) else {
          throw StoreError(.journal, .unavailable, during: "ask", "away")
        }
      }
    }
    let health = Health(
      dependencies: dependencies,
      canServe: { up in up.contains("postgres") || up.contains("redis") }, remarks: { remarks })
    let response = health.response()
    return (response.status.code, try JSONAnswer(response.body))
  }

  func testAPoolIsDegradedByWhatItCanServeWithout() throws {
    let cases: [(Set<String>, Int, String)] = [
      ([], 200, "ok"), (["relay"], 200, "degraded"), (["redis", "relay"], 200, "degraded"),
      (["postgres", "redis"], 503, "unavailable"),
    ]
    for (down, code, state) in cases {
      let (status, json) = try answer(down: down)
      XCTAssertEqual(status, code, "\(down)")
      XCTAssertEqual(try json["status"].text, state, "\(down)")
      XCTAssertNil(try json.members["remarks"])
    }
  }

  func testARemarkChangesNothingElse() throws {
    let (status, json) = try answer(down: [], remarks: ["dead letters: 3"])
    XCTAssertEqual(status, 200)
    XCTAssertEqual(try json["status"].text, "ok")
    XCTAssertEqual(try json["remarks"].texts, ["dead letters: 3"])
  }
}
