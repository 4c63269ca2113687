import API
import HTTPTypes
import JSON
import Sessions
import TestSupport
import Web
import XCTest

@testable import Monitoring

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
    let response = health.report().response
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

  func testTheAnswerIsTheContractedOneByteForByte() {
    let report = HealthReport(
      state: .unavailable,
      findings: [
        .init(name: "postgres", microseconds: 1_200_034, error: .timeout),
        .init(name: "redis", microseconds: 7, error: nil),
      ], remarks: ["dead letters: 3"])
    XCTAssertEqual(
      String(decoding: report.response.body, as: UTF8.self),
      #"{"status":"unavailable","dependencies":{"postgres":{"state":"down","latency_ms":1200.034,"#
        + #""error":"timeout"},"redis":{"state":"up","latency_ms":0.007}},"#
        + #""remarks":["dead letters: 3"]}"#)
    XCTAssertEqual(
      report.response.fields,
      [
        Response.Field("Content-Type", "application/json"),
        Response.Field("Cache-Control", "no-store"), Response.Field("Retry-After", "1"),
      ])
  }
}
