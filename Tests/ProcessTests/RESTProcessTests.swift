import TestSupport
import XCTest

/// Requests of the REST API as a worker gets them from nginx.
final class RESTProcessTests: XCTestCase {
  private static let link = "/rest/v3/short-urls/abc"
  private static let changes = ["POST", "PUT", "PATCH", "DELETE"]

  /// nginx's site of an earlier release sends them there.
  func testAShortenerTakesNoPathOfTheRESTAPIForALink() throws {
    for role in ["redirects", "lookups", "retries", "all"] {
      let pool = try WorkerPool("shortener", ["SHORTENER_ROLE": role])
      let worker = try pool.start()
      for path in [Self.link, "/rest/v3/short-urls", "/rest/health", "/rest/v1/a/b/c?d=e"] {
        for method in ["GET", "HEAD"] + Self.changes {
          let answer = try FastCGIClient.request(
            socket: pool.socket,
            parameters: WorkerPool.parameters(path, method: method, [("CONTENT_LENGTH", "2")]),
            body: Array("{}".utf8))
          XCTAssertTrue(answer.hasPrefix("Status: 404 "), "\(role) \(method) \(path): \(answer)")
        }
      }
      XCTAssertEqual(try pool.clicks(), [])
      withExtendedLifetime(worker) {}
    }
  }

  func testABodyThatNobodyReadsIsNotTakenForTheNextRequest() throws {
    let pool = try WorkerPool("api")
    let worker = try pool.start()
    let connection = try FastCGIClient.connection(to: pool.socket)
    for length in [0, 1, 8000, 8180, 8192, 60_000, 65_535] {
      for method in Self.changes + ["GET"] {
        // One that is stated to be longer is refused unread, as far as it comes.
        for stated in [length, 65_537] {
          let answer = try FastCGIClient.request(
            on: connection,
            parameters: WorkerPool.parameters(
              Self.link, method: method, [("CONTENT_LENGTH", "\(stated)")]),
            body: [UInt8](repeating: 0x78, count: length))
          let status = answer.prefix(12)
          XCTAssertTrue(
            ["Status: 401 ", "Status: 404 "].contains(status), "\(method) \(length): \(answer)")
        }
      }
    }
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testWithoutAKeyOrWithAnyKeyAChangeIsRefusedBeforeItsBodyIsRead() throws {
    // No engine is there: whoever came further would answer with 503.
    let pool = try WorkerPool("api")
    let worker = try pool.start()
    let long = String(repeating: "k", count: 30_000)
    for (fields, type) in [
      ([], "missing-authentication"), ([("HTTP_X_API_KEY", "")], "invalid-api-key"),
      ([("HTTP_X_API_KEY", "key")], "invalid-api-key"),
      ([("HTTP_AUTHORIZATION", "Bearer key")], "invalid-api-key"),
      ([("HTTP_X_API_KEY", long), ("HTTP_AUTHORIZATION", long)], "invalid-api-key"),
    ] {
      for method in ["PATCH", "DELETE"] {
        let answer = try FastCGIClient.request(
          socket: pool.socket,
          parameters: WorkerPool.parameters(
            Self.link, method: method, fields + [("CONTENT_LENGTH", "5")]),
          body: Array("{\"a\":".utf8))
        XCTAssertTrue(answer.hasPrefix("Status: 401 "), "\(method): \(answer)")
        XCTAssertTrue(answer.contains("https://shlink.io/api/error/\(type)\""), answer)
        XCTAssertFalse(answer.contains("kkk"), answer)
      }
    }
    XCTAssertNil(worker.wait(seconds: 0))
  }
}
