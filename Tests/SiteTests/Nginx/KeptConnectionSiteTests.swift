import Foundation
import TestSupport
import XCTest

/// nginx keeps connections to the shortener's workers, and each of them takes one of their places.
final class KeptConnectionSiteTests: XCTestCase {
  /// More clients than nginx keeps connections.
  ///
  /// A client that finds all of these in use gets a new one, for which places must be left.
  func testNoRequestOfManyClientsHangs() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/crowd")
    _ = try site.http.get("/\(code)")
    let crowd = Crowd()
    let log = try TestStack.value("SWIFTLET_LOG") + "/access.log"
    func answers() throws -> [Substring] {
      // Other tests have sent bytes that are no UTF-8, and nginx logs them as they came.
      try String(decoding: Data(contentsOf: URL(fileURLWithPath: log)), as: UTF8.self)
        .split(separator: "\n")
        .filter { $0.contains("GET /\(code) ") }
    }
    for client in 0..<64 {
      let thread = Thread {
        for turn in 0..<30 {
          let status =
            (client + turn) % 16 == 0
            ? try? site.http.post("/shorten", json: #"{"original_url":"https://example.com"}"#)
              .status
            : try? site.http.get("/\(code)").status
          crowd.add(status ?? 0)
        }
      }
      thread.start()
    }
    XCTAssertTrue(eventually(seconds: 120) { crowd.count == 64 * 30 }, "\(crowd.count)")
    XCTAssertEqual(crowd.others, [])
    // One that hangs is asked again at the spare socket when nginx has waited for 800 ms. A busy machine
    // may be as slow as that, but not with one in thirty.
    XCTAssertTrue(try eventually(seconds: 20) { try answers().count == 1 + 64 * 30 - 120 })
    XCTAssertLessThan(
      try answers().count { $0.contains("shortener-spare.sock") }, 64)
  }

  func testTheSiteKeepsFewOfTheConnectionsThatItsWorkersMayHave() throws {
    for (workers, servers, kept) in [(48, 2, 64), (4, 2, 32), (4, 16, 4), (1, 1, 16), (1, 17, 0)] {
      let site = try Command.output(
        TestStack.programs.appendingPathComponent("swiftlet").path, ["site"],
        environment: [
          "SHORTENER_WORKERS": "\(workers)", "SHORTENER_LOOKUP_WORKERS": "0",
          "SHORTENER_API_WORKERS": "0", "NGINX_WORKERS": "\(servers)",
        ])
      let lines = site.split(separator: "\n").filter { $0.contains("keepalive ") }
      XCTAssertEqual(lines, kept > 0 ? ["    keepalive \(kept);"] : [])
    }
  }
}

/// What many clients were answered.
///
/// Unchecked, because `lock` is held around every use of what changes.
private final class Crowd: @unchecked Sendable {
  private let lock = NSLock()
  private var answers: [Int] = []

  func add(_ status: Int) {
    lock.withLock { answers.append(status) }
  }

  var count: Int { lock.withLock { answers.count } }
  var others: [Int] {
    lock.withLock { answers.filter { $0 != 301 && $0 != 201 } }
  }
}
