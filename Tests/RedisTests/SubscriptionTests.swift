import Foundation
import Redis
import TestSupport
import XCTest

/// A channel of Redis as one connection hears it.
final class SubscriptionTests: XCTestCase {
  private let channel = "test:\(UInt64.random(in: 0...UInt64.max))"

  override func setUp() {
    signal(SIGPIPE, SIG_IGN)
  }

  private func subscribe(
    _ url: String? = nil, timeout: Int = 10_000, limit: Int = 1 << 20
  ) throws -> Subscription {
    try Subscription(
      Address(parsing: try url ?? TestStack.value("REDIS_URL")), channel: channel,
      timeoutMilliseconds: timeout, payloadLimit: limit)
  }

  private func publisher(_ url: String? = nil) throws -> Connection {
    try Connection(
      Address(parsing: try url ?? TestStack.value("REDIS_URL")),
      connectTimeoutMilliseconds: 10_000, timeoutMilliseconds: 10_000)
  }

  private func publish(_ payload: [UInt8], by connection: Connection) throws {
    let heard = try connection.command(
      ["PUBLISH", .text(channel), .bytes(payload)], timeoutMilliseconds: 10_000)
    XCTAssertEqual(heard, .integer(1))
  }

  func testWhatWasPublishedBeforeAPingIsHeardBeforeItsPong() throws {
    let subscription = try subscribe()
    let other = try publisher()
    let payloads = (0..<500).map { Array("message \($0)".utf8) }
    for payload in payloads { try publish(payload, by: other) }
    try subscription.ping()
    for payload in payloads {
      XCTAssertEqual(try subscription.next(waiting: 10_000), .message(payload))
    }
    XCTAssertEqual(try subscription.next(waiting: 10_000), .pong)
    XCTAssertNil(try subscription.next(waiting: 0))
  }

  func testAPayloadMayHoldAnyBytes() throws {
    let subscription = try subscribe()
    let other = try publisher()
    for payload in [
      [], Array("\r\n*2\r\n$4\r\npong\r\n$0\r\n\r\n".utf8), (0...255).map { UInt8($0) },
      [UInt8](repeating: 0x0A, count: 300_000), [UInt8](repeating: 0xFF, count: 1 << 20),
    ] {
      try publish(payload, by: other)
      XCTAssertEqual(try subscription.next(waiting: 10_000), .message(payload))
    }
  }

  func testALongerPayloadEndsTheConnection() throws {
    let subscription = try subscribe(limit: 65_536)
    try publish([UInt8](repeating: 1, count: 1 << 20), by: publisher())
    let error = try assertThrows(RedisError.self) { _ = try subscription.next(waiting: 10_000) }
    XCTAssertEqual(error.code, .unexpectedReply)
    let later = try assertThrows(RedisError.self) { try subscription.ping() }
    XCTAssertEqual(later.code, .closed)
  }

  /// A server of the test's own, since Redis doesn't do that.
  func testAReplyWithoutAnEndIsBroughtToOne() throws {
    let greeting = "+PONG\r\n"
    let confirmation = "*3\r\n$9\r\nsubscribe\r\n$1\r\nx\r\n:1\r\n"
    for (start, piece) in [
      (greeting + confirmation + "*3\r\n$7\r\nmessage\r\n$1\r\nx\r\n$400000000\r\n", "x"),
      (greeting + confirmation + "*2000000\r\n", ":1\r\n"), (greeting + "+", "x"),
      ("$400000000\r\n", "x"),
    ] {
      let server = try Socket(listeningOn: 0)
      let port = try server.port()
      let sent = expectation(description: "the client has hung up")
      Thread.detachNewThread {
        guard let client = server.accept() else { return sent.fulfill() }
        let pieces = Array(String(repeating: piece, count: 16_384).utf8)
        var total = 0
        try? client.send(Array(start.utf8))
        while total < 100 << 20, (try? client.send(pieces)) != nil { total += pieces.count }
        XCTAssertLessThan(total, 100 << 20, start)
        sent.fulfill()
      }
      let error = try assertThrows(RedisError.self) {
        let subscription = try subscribe("redis://127.0.0.1:\(port)")
        _ = try subscription.next(waiting: 10_000)
      }
      XCTAssertEqual(error.code, .unexpectedReply, start)
      wait(for: [sent], timeout: 60)
    }
  }

  func testMessagesWithoutAnEndAreTakenOneByOne() throws {
    let subscription = try subscribe()
    let other = try publisher()
    var heard = 0
    let message: Redis.Command = [
      "PUBLISH", .text(channel), .bytes([UInt8](repeating: 7, count: 1000)),
    ]
    for _ in 0..<20 {
      let replies = try other.pipeline(
        Array(repeating: message, count: 500), timeoutMilliseconds: 10_000)
      XCTAssertEqual(replies, [Reply](repeating: .integer(1), count: 500))
      while try subscription.next(waiting: 0) != nil { heard += 1 }
    }
    while heard < 10_000, try subscription.next(waiting: 10_000) != nil { heard += 1 }
    XCTAssertEqual(heard, 10_000)
  }

  func testAFrozenServerIsSilentAndAKilledOneIsNot() throws {
    let redis = try PrivateRedis()
    let subscription = try subscribe(redis.url)
    redis.freeze()
    try subscription.ping()
    XCTAssertNil(try subscription.next(waiting: 100))
    redis.thaw()
    XCTAssertEqual(try subscription.next(waiting: 10_000), .pong)
    redis.kill()
    let error = try assertThrows(RedisError.self) { _ = try subscription.next(waiting: 10_000) }
    XCTAssertEqual(error.code, .closed)
  }

  func testAServerThatDoesNotLetItSubscribeSaysSo() throws {
    let redis = try PrivateRedis()
    try redis.command("ACL", "SETUSER", "deaf", "on", ">secret", "+@all", "resetchannels")
    let error = try assertThrows(RedisError.self) {
      _ = try subscribe("unix://deaf:secret@\(redis.socket)")
    }
    XCTAssertEqual(error.code.rawValue, "NOPERM")
  }
}
