import Foundation
import TestSupport
import XCTest

/// The first API key, which `make run` makes, and the link that signs in by it.
final class FirstKeySiteTests: XCTestCase {
  func testTheFirstKeyIsMadeAndShownByTheFirstRunAlone() throws {
    let stack = try PrivateStack(
      "key", ["SHORTENER_WORKERS": "2", "SHORTENER_API_WORKERS": "2", "ANALYTICS_WORKERS": "2"])
    defer { try? stack.remove() }
    let said = try run(stack)
    let mark = "X-Api-Key: "
    let start = try XCTUnwrap(said.range(of: mark), said).upperBound
    let key = String(said[start...].prefix { $0 != "'" })
    XCTAssertTrue(key.hasPrefix("swl_"), said)
    XCTAssertEqual(said.components(separatedBy: key).count, 2, "shown once")
    let first = try link(said)
    let again = try run(stack) {
      let page = OwnPage(stack.http, origin: "http://localhost:\(stack.http.port)")
      for status in [201, 401] {
        XCTAssertEqual(
          try page.ask("POST", "/rest/v3/session", #"{"code": "\#(first)"}"#).status, status)
      }
      XCTAssertEqual(
        try stack.http.get("/rest/v3/short-urls", [("X-Api-Key", key)]).status, 200)
    }
    XCTAssertFalse(again.contains(mark), again)
    XCTAssertNotEqual(try link(again), first)
    for name in try FileManager.default.subpathsOfDirectory(atPath: stack.directory + "/log") {
      let log = try Data(contentsOf: URL(fileURLWithPath: stack.directory + "/log/" + name))
      for secret in [key, first] { XCTAssertNil(log.range(of: Data(secret.utf8)), name) }
    }
  }

  /// The code of the link that a run has shown.
  private func link(_ said: String) throws -> String {
    let link = try XCTUnwrap(
      said.firstMatch(of: /http:\/\/localhost:\d+\/dashboard\/#in=([0-9A-Za-z_-]{43})\n/), said)
    return String(link.1)
  }

  /// Runs the stack in the foreground until it says how to use it; returns what it said.
  private func run(_ stack: PrivateStack, _ body: () throws -> Void = {}) throws -> String {
    let scratch = try ScratchDirectory("said")
    let process = try ChildProcess(
      "/usr/bin/env",
      ["-i"] + stack.variables.map { "\($0.key)=\($0.value)" }
        + [Repository.url("supervisor/stack").path, "run"], output: scratch("output"))
    let said = { (try? String(contentsOfFile: scratch("output"), encoding: .utf8)) ?? "" }
    XCTAssertTrue(
      try eventually(seconds: 240) { try said().contains("/docs\n") && isReady(stack) }, said())
    try body()
    process.signal(SIGTERM)
    XCTAssertEqual(process.wait(seconds: 120), 143, said())
    return said()
  }

  private func isReady(_ stack: PrivateStack) throws -> Bool {
    try stack.http.get("/health").status == 200
  }
}
