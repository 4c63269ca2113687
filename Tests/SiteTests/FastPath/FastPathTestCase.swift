import Foundation
import TestSupport
import XCTest

/// What the tests of the fast path have in common: one stack that all of them use.
class FastPathTestCase: XCTestCase {
  private static let started = Result {
    let stack = try FastStack()
    XCTestObservationCenter.shared.addTestObserver(AtTheEnd { try stack.stop() })
    return stack
  }

  /// It starts with the first test that asks for it, and stops after the last one of all.
  func stack() throws -> FastStack { try Self.started.get() }

  /// Puts a link into Redis alone.
  func plant(_ code: String, _ url: String) throws {
    _ = try stack().redis("SET", "short_url:\(code)", url)
  }

  /// A code that nothing has met yet.
  func freshCode(_ length: Int = 8) -> String {
    let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    return String((0..<length).map { _ in digits[Int.random(in: 0..<62)] })
  }

  /// The same code with its first character percent-encoded.
  func encoded(_ code: String) throws -> String {
    try String(format: "%%%02X", XCTUnwrap(code.utf8.first)) + code.dropFirst()
  }

  /// The lines of all journals that are there.
  func journalLines() throws -> [String] {
    let journals = try stack().value("JOURNAL_DIR")
    return try FileManager.default.contentsOfDirectory(atPath: journals)
      .filter { $0.hasSuffix(".ndjson") }
      .flatMap { name in
        // Other tests send what isn't UTF-8.
        String(
          decoding: try Data(contentsOf: URL(fileURLWithPath: journals + "/" + name)), as: UTF8.self
        ).split(separator: "\n").map(String.init)
      }
  }

  /// A link of the pool's making that nginx has been seen to answer for.
  func hotLink(_ url: String) throws -> String {
    let code = try stack().site.shorten(url)
    XCTAssertTrue(try eventually(seconds: 20) { try isFast(code) })
    return code
  }

  func isFast(_ code: String) throws -> Bool {
    let answer = try stack().site.http.request("HEAD", "/\(code)")
    return try answer.status == 301
      && stack().answeredByNginx(XCTUnwrap(answer["x-request-id"])) == true
  }

  /// Asserts that exactly these clicks are stored, each once.
  func assertStored(
    _ ids: [String], of code: String, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let expected = Set(ids)
    XCTAssertEqual(expected.count, ids.count, "an id was given twice", file: file, line: line)
    _ = try eventually(seconds: 60) { try expected.isSubset(of: stack().stored(code)) }
    try stack().site.waitForClicksUnderWay()
    XCTAssertEqual(
      try stack().stored(code).sorted(), ids.sorted(), file: file, line: line)
    XCTAssertEqual(
      try stack().site.stats(code, clicks: ids.count)["total_clicks"].number, ids.count,
      file: file, line: line)
  }
}

private final class AtTheEnd: NSObject, XCTestObservation {
  private let body: () throws -> Void

  init(_ body: @escaping () throws -> Void) { self.body = body }

  func testBundleDidFinish(_ testBundle: Bundle) {
    do { try body() } catch { print("the fast stack does not stop: \(error)") }
  }
}
