import Foundation
import HTTPTypes
import Web
import XCTest

@testable import Serving
@testable import Sessions

final class HealthTests: XCTestCase {
  private func answer(down: Set<String>, remarks: [String] = []) throws -> (Int, [String: Any]) {
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
    let json = try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]
    return (response.status.code, try XCTUnwrap(json))
  }

  func testAPoolIsDegradedByWhatItCanServeWithout() throws {
    let cases: [(Set<String>, Int, String)] = [
      ([], 200, "ok"), (["relay"], 200, "degraded"), (["redis", "relay"], 200, "degraded"),
      (["postgres", "redis"], 503, "unavailable"),
    ]
    for (down, code, state) in cases {
      let (status, json) = try answer(down: down)
      XCTAssertEqual(status, code, "\(down)")
      XCTAssertEqual(json["status"] as? String, state, "\(down)")
      XCTAssertNil(json["remarks"])
    }
  }

  func testARemarkChangesNothingElse() throws {
    let (status, json) = try answer(down: [], remarks: ["dead letters: 3"])
    XCTAssertEqual(status, 200)
    XCTAssertEqual(json["status"] as? String, "ok")
    XCTAssertEqual(json["remarks"] as? [String], ["dead letters: 3"])
  }
}
