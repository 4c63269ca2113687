import Curl
import Foundation
import Synchronization
import TestSupport
import XCTest

/// Requests to strangers: several at a time, and guarded.
final class TransferGroupTests: XCTestCase {
  private func serve(_ answers: [[String]]) throws -> (server: LocalServer, url: String) {
    let socket = try Socket(listeningOn: 0)
    return (LocalServer(socket, answers: answers), "http://127.0.0.1:\(try socket.port())/x")
  }

  private func page(_ body: String, _ type: String = "text/html", _ status: String = "200 OK")
    -> String
  {
    "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  private func get(
    _ url: String, limit: Int = 100_000, timeout: Int = 20_000,
    admits: @escaping @Sendable ([UInt8]) -> Bool = { _ in true }
  ) -> Transfer {
    var transfer = Transfer(.get, url, timeout: timeout, answerLimit: limit)
    transfer.caution = Transfer.Caution(mediaTypes: ["text/html"], admits: admits)
    return transfer
  }

  func testAnAddressThatIsNotAdmittedIsNotConnectedTo() throws {
    let (server, url) = try serve([[page("secret")]])
    defer { server.stop() }
    let asked = Mutex<[[UInt8]]>([])
    let results = TransferGroup.perform([
      get(url) { bytes in
        asked.withLock { $0.append(bytes) }
        return false
      }
    ])
    XCTAssertThrowsError(try results[0].get()) { error in
      XCTAssertEqual((error as? TransferError)?.cause, .unreachable)
    }
    XCTAssertEqual(asked.withLock { $0 }, [[127, 0, 0, 1]])
    XCTAssertEqual(server.requests, [])
    XCTAssertEqual(try TransferGroup.perform([get(url)])[0].get().body, Array("secret".utf8))
  }

  func testAnAnswerIsCroppedAndOneOfAnotherKindToAKibibyte() throws {
    let long = String(repeating: "a", count: 300_000)
    for (answer, count) in [
      (page(long), 100_000), (page(long, "Text/HTML; charset=utf-8"), 100_000),
      (page(long, "application/zip"), 1024), (page(long, "text/html", "404 Not Found"), 1024),
      ("HTTP/1.1 200 OK\r\n\r\n" + long, 1024), (page("short", "image/png"), 5),
    ] {
      let (server, url) = try serve([[answer]])
      defer { server.stop() }
      XCTAssertEqual(
        try TransferGroup.perform([get(url)])[0].get().body.count, count, "\(answer.prefix(60))")
    }
  }

  func testARedirectIsToldAndNotFollowed() throws {
    let (server, url) = try serve([
      ["HTTP/1.1 302 Found\r\nLocation: /y?z\r\nContent-Length: 0\r\n\r\n"]
    ])
    defer { server.stop() }
    let answer = try TransferGroup.perform([get(url)])[0].get()
    XCTAssertEqual(answer.status, 302)
    XCTAssertEqual(answer.redirect, url.dropLast(1) + "y?z")
    XCTAssertEqual(server.requests.count, 1)
  }

  func testEachHasItsOwnResultAndOneThatHangsDelaysNoOther() throws {
    let (one, oneURL) = try serve([[page("one")]])
    let (two, twoURL) = try serve([[page("two")]])
    let silent = try SilentServer()
    defer {
      one.stop()
      two.stop()
    }
    let results = TransferGroup.perform([
      get("http://127.0.0.1:\(silent.port)/", timeout: 1000), get(oneURL),
      get("http://127.0.0.1:1/"),
      get(twoURL),
    ])
    XCTAssertThrowsError(try results[0].get()) { error in
      XCTAssertEqual((error as? TransferError)?.cause, .timedOut)
    }
    XCTAssertEqual(try results[1].get().body, Array("one".utf8))
    XCTAssertEqual(try results[3].get().body, Array("two".utf8))
    XCTAssertThrowsError(try results[2].get())
    XCTAssertEqual(TransferGroup.perform([]).count, 0)
  }
}
