import Foundation
import TestSupport
import XCTest

/// Which requests of the REST API nginx sends again when a worker has died.
final class RetrySiteTests: XCTestCase {
  private static let path = "/rest/v3/short-urls/abc"
  private static let changes = ["POST", "PUT", "PATCH", "DELETE"]

  private var directory: ScratchDirectory?
  private var workers: DyingWorkers?
  private var site: LimitedSite?

  override func setUpWithError() throws {
    let directory = try ScratchDirectory("retry")
    workers = try DyingWorkers(at: directory("shortener-api.sock"))
    // Each of nginx's connections to a pool may be kept.
    site = try LimitedSite([
      "SWIFTLET_RUN": directory.path, "LIMIT_REST": "0", "SHORTENER_API_WORKERS": "64",
      "NGINX_WORKERS": "1",
    ])
    self.directory = directory
  }

  override func tearDown() {
    site = nil
    workers?.stop()
    directory = nil
  }

  private func ask(_ method: String, _ path: String = path) throws -> HTTPClient.Answer {
    let body = Self.changes.contains(method) ? Array("{}".utf8) : nil
    return try XCTUnwrap(site).http.request(method, path, body: body)
  }

  func testAChangeThatWasSentIsNotSentAgainWhenItsWorkerDies() throws {
    let workers = try XCTUnwrap(workers)
    for method in Self.changes + ["BREW"] {
      // A connection that is kept would be taken for one that has gone stale.
      workers.meet(.answer)
      for _ in 0..<3 { XCTAssertEqual(try ask(method).status, 204, method) }
      XCTAssertEqual(try ask("GET").status, 204)
      workers.meet(.die)
      assertProblem(try ask(method), 502, method)
      XCTAssertEqual(workers.requests, 1, method)
    }
  }

  func testTheGETThatMakesALinkIsNotSentAgainWhenItsWorkerDies() throws {
    let workers = try XCTUnwrap(workers)
    for path in [
      "short-urls/shorten", "short-urls/shorten/", "short-urls/%73horten", "short%2Durls/shorten",
    ] {
      for method in ["GET", "HEAD"] {
        let path = "/rest/v3/\(path)?longUrl=x"
        workers.meet(.answer)
        for _ in 0..<3 { XCTAssertEqual(try ask(method, path).status, 204, path) }
        workers.meet(.die)
        XCTAssertEqual(try ask(method, path).status, 502, path)
        XCTAssertEqual(workers.requests, 1, "\(method) \(path)")
      }
    }
  }

  func testAReadIsAskedOfTheNextWorkerWhenItsWorkerDies() throws {
    let workers = try XCTUnwrap(workers)
    for method in ["GET", "HEAD"] {
      workers.meet(.dieOnce)
      XCTAssertEqual(try ask(method).status, 204, method)
      XCTAssertEqual(workers.requests, 2, method)
    }
    workers.meet(.die)
    assertProblem(try ask("GET"), 502)
    XCTAssertLessThan(workers.requests, 4, "tried for ever")
  }

  func testAWorkerThatNeverAnswersIsAskedOnceAndTheClientIsToldSo() throws {
    let workers = try XCTUnwrap(workers)
    workers.meet(.freeze)
    let site = try XCTUnwrap(site)
    let clients = try ["PATCH", "GET"].map { method in
      let socket = try Socket(port: site.http.port)
      socket.setTimeout(seconds: 60)
      try socket.send(
        Array("\(method) \(Self.path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8))
      return socket
    }
    for client in clients {
      let head = String(decoding: try client.receive(), as: UTF8.self)
      XCTAssertTrue(head.hasPrefix("HTTP/1.1 504 "), head)
      XCTAssertTrue(head.contains("Content-Type: application/problem+json\r\n"), head)
    }
    XCTAssertEqual(workers.requests, 2)
  }

  func testWithoutAnyWorkerTheClientIsToldSo() throws {
    try XCTUnwrap(workers).stop()
    let path = try XCTUnwrap(directory)("shortener-api.sock")
    try FileManager.default.removeItem(atPath: path)
    for method in Self.changes + ["GET"] {
      let answer = try ask(method)
      assertProblem(answer, 502, method)
      XCTAssertEqual(answer["retry-after"], "1")
    }
  }
}
