import Curl
import Foundation
import TestSupport
import XCTest

final class HTTPSessionTests: XCTestCase {
  private func answer(_ body: String, status: String = "200 OK") -> String {
    "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  private func serve(_ answers: [[String]]) throws -> (server: LocalServer, url: String) {
    let socket = try Socket(listeningOn: 0)
    return (LocalServer(socket, answers: answers), "http://127.0.0.1:\(try socket.port())/x?y=1")
  }

  private func get(_ url: String, timeout: Int = 20_000, answerLimit: Int = 100) -> Transfer {
    Transfer(.get, url, timeout: timeout, answerLimit: answerLimit)
  }

  func testAnAnswerComesBackWhateverItsStatus() throws {
    let (server, url) = try serve([[answer("one"), answer("two", status: "503 Busy")]])
    defer { server.stop() }
    let session = try HTTPSession()
    let first = try session.perform(get(url))
    XCTAssertEqual(first.status, 200)
    XCTAssertEqual(String(decoding: first.body, as: UTF8.self), "one")
    var transfer = Transfer(.post(Array("body".utf8)), url, timeout: 20_000, answerLimit: 3)
    transfer.fields = ["X-Field: value"]
    let second = try session.perform(transfer)
    XCTAssertEqual(second.status, 503)
    XCTAssertEqual(String(decoding: second.body, as: UTF8.self), "two")
    XCTAssertTrue(server.requests[0].hasPrefix("GET /x?y=1 HTTP/1.1\r\n"), server.requests[0])
    XCTAssertTrue(server.requests[1].hasPrefix("POST /x?y=1 HTTP/1.1\r\n"), server.requests[1])
    XCTAssertTrue(server.requests[1].contains("\r\nX-Field: value\r\n"), server.requests[1])
    XCTAssertTrue(server.requests[1].hasSuffix("\r\n\r\nbody"), server.requests[1])
  }

  func testAnAnswerBeyondItsLimitIsAnError() throws {
    let (server, url) = try serve([[answer("long")]])
    defer { server.stop() }
    let error = try assertThrows(TransferError.self) {
      _ = try HTTPSession().perform(get(url, answerLimit: 3))
    }
    XCTAssertEqual(error.cause, .tooLong)
  }

  func testARequestOnAFreshConnectionIsNotSentAgainWhenThatDies() throws {
    let (server, url) = try serve([[answer("stored")]])
    defer { server.stop() }
    let session = try HTTPSession()
    var insert = Transfer(.post([1]), url, timeout: 20_000, answerLimit: 100)
    insert.isFresh = true
    XCTAssertEqual(try session.perform(insert).status, 200)
    let error = try assertThrows(TransferError.self) { _ = try session.perform(insert) }
    XCTAssertEqual(error.cause, .interrupted)
    XCTAssertEqual(server.requests.count, 2)
  }

  func testAUnixSocketIsAskedInThePlaceOfTheHost() throws {
    let directory = try temporaryDirectory()
    let server = LocalServer(
      try Socket(listeningAt: directory + "/s"), answers: [[answer("here")]])
    defer { server.stop() }
    var transfer = get("http://nobody.invalid/")
    transfer.unixSocket = directory + "/s"
    XCTAssertEqual(try HTTPSession().perform(transfer).status, 200)
  }

  func testWhereNobodyListensTheSystemSaysWhy() throws {
    let directory = try temporaryDirectory()
    let session = try HTTPSession()
    let refused = try assertThrows(TransferError.self) {
      _ = try session.perform(get("http://127.0.0.1:1/"))
    }
    XCTAssertEqual(refused.cause, .unreachable)
    XCTAssertEqual(refused.description, "Connection refused")
    for (path, words) in [
      (directory + "/none", "No such file"), ("/" + String(repeating: "x", count: 200), "too long"),
    ] {
      let error = try assertThrows(TransferError.self) { try connect(session, path) }
      XCTAssertEqual(error.cause, .unreachable, words)
      XCTAssertTrue(error.description.contains(words), error.description)
    }
  }

  func testAFullBacklogIsToldFromAServerThatIsNotThere() throws {
    let directory = try temporaryDirectory()
    let listener = try Socket(listeningAt: directory + "/s", backlog: 0)
    defer { withExtendedLifetime(listener) {} }
    let session = try HTTPSession()
    try connect(session, directory + "/s")
    let error = try assertThrows(TransferError.self) { try connect(session, directory + "/s") }
    XCTAssertEqual(error.cause, .backlogFull)
  }

  func testAnAnswerThatDoesNotComeTimesOut() throws {
    let silent = try SilentServer()
    defer { withExtendedLifetime(silent) {} }
    let error = try assertThrows(TransferError.self) {
      _ = try HTTPSession().perform(get("http://127.0.0.1:\(silent.port)/", timeout: 200))
    }
    XCTAssertEqual(error.cause, .timedOut)
  }

  private func connect(_ session: HTTPSession, _ path: String) throws {
    var transfer = Transfer(.connect, "http://localhost/", timeout: 20_000, answerLimit: 0)
    transfer.unixSocket = path
    _ = try session.perform(transfer)
  }

  private func temporaryDirectory() throws -> String {
    let directory = "/tmp/swiftlet-curl-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    addTeardownBlock { try FileManager.default.removeItem(atPath: directory) }
    return directory
  }
}
