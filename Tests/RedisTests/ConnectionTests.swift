import Glibc
import Redis
import TestSupport
import XCTest

final class ConnectionTests: XCTestCase {
  private let prefix = "test:\(UInt64.random(in: 0...UInt64.max)):"

  private func connect(_ url: String? = nil, timeout: Int = 2000) throws -> Connection {
    signal(SIGPIPE, SIG_IGN)
    return try Connection(
      Address(parsing: try url ?? TestStack.value("REDIS_URL")),
      connectTimeoutMilliseconds: timeout, timeoutMilliseconds: timeout)
  }

  func testAnyBytesComeBackAsTheyWere() throws {
    let connection = try connect()
    let key = prefix + "any"
    let value = (0...255).map { UInt8($0) } + Array("\r\n$-1\r\n*9".utf8)
    let set = try connection.command(
      ["SET", .text(key), .bytes(value), "EX", 60], timeoutMilliseconds: 1000)
    XCTAssertEqual(set, .status("OK"))
    let got = try connection.command(["GET", .text(key)], timeoutMilliseconds: 1000)
    XCTAssertEqual(got, .bulk(value))
    XCTAssertEqual(
      try connection.command(["DEL", .text(key)], timeoutMilliseconds: 1000), .integer(1))
    XCTAssertEqual(
      try connection.command(["GET", .text(key)], timeoutMilliseconds: 1000), .null)
  }

  func testAnEmptyValueIsNotAMissingOne() throws {
    let connection = try connect()
    let key = prefix + "empty"
    _ = try connection.command(["SET", .text(key), "", "EX", 60], timeoutMilliseconds: 1000)
    XCTAssertEqual(
      try connection.command(["GET", .text(key)], timeoutMilliseconds: 1000), .bulk([]))
  }

  func testAPipelineAnswersEachCommandInOrderAndAnErrorInItsPlace() throws {
    let connection = try connect()
    let key = prefix + "pipeline"
    let replies = try connection.pipeline(
      [
        ["SET", .text(key), "x", "EX", 60], ["INCR", .text(key)], ["GET", .text(key)],
        ["LRANGE", .text(prefix + "none"), 0, -1],
      ], timeoutMilliseconds: 1000)
    XCTAssertEqual(replies.count, 4)
    XCTAssertEqual(replies[0], .status("OK"))
    guard case .error(let text) = replies[1] else { return XCTFail("\(replies[1])") }
    XCTAssertTrue(text.hasPrefix("ERR "))
    XCTAssertEqual(replies[2], .bulk(Array("x".utf8)))
    XCTAssertEqual(replies[3], .array([]))
  }

  func testAnErrorReplyIsThrownUnderItsFirstWordAndTheSessionGoesOn() throws {
    let connection = try connect()
    let key = prefix + "list"
    _ = try connection.command(["RPUSH", .text(key), "a"], timeoutMilliseconds: 1000)
    _ = try connection.command(["EXPIRE", .text(key), 60], timeoutMilliseconds: 1000)
    let error = try assertThrows(RedisError.self) {
      _ = try connection.command(["GET", .text(key)], timeoutMilliseconds: 1000)
    }
    XCTAssertEqual(error.code.rawValue, "WRONGTYPE")
    XCTAssertFalse(error.isRetriable)
    XCTAssertTrue(connection.isUsable)
  }

  func testAValueOfAMebibyteCrossesBothWays() throws {
    let connection = try connect()
    let key = prefix + "long"
    let value = [UInt8](repeating: 7, count: 1 << 20)
    _ = try connection.command(
      ["SET", .text(key), .bytes(value), "EX", 60], timeoutMilliseconds: 5000)
    XCTAssertEqual(
      try connection.command(["GET", .text(key)], timeoutMilliseconds: 5000), .bulk(value))
  }

  func testAFrozenServerIsGivenUpAtTheTimeoutAndTheSessionIsDropped() throws {
    let redis = try PrivateRedis()
    let connection = try connect(redis.url)
    _ = try connection.command(["SET", "whose", "mine"], timeoutMilliseconds: 1000)
    redis.freeze()
    let error = try assertThrows(RedisError.self) {
      _ = try connection.command(["GET", "whose"], timeoutMilliseconds: 30)
    }
    XCTAssertEqual(error.code, .timedOut)
    // Only now does it answer.
    redis.thaw()
    // The late reply must not become the answer to the next question.
    let later = try assertThrows(RedisError.self) {
      _ = try connection.command(["PING"], timeoutMilliseconds: 1000)
    }
    XCTAssertEqual(later.code, .closed)
  }

  func testAServerThatWasKilledIsSeenBeforeItIsAsked() throws {
    let redis = try PrivateRedis()
    let connection = try connect(redis.url)
    XCTAssertTrue(connection.isUsable)
    redis.kill()
    XCTAssertFalse(connection.isUsable)
    let error = try assertThrows(RedisError.self) {
      _ = try connection.command(["PING"], timeoutMilliseconds: 100)
    }
    XCTAssertEqual(error.code, .closed)
    let none = try assertThrows(RedisError.self) { _ = try connect(redis.url) }
    XCTAssertEqual(none.code, .cannotConnect)
  }

  func testTheURLGivesThePasswordAndTheDatabase() throws {
    let redis = try PrivateRedis(["--requirepass", "s3cr t"])
    let denied = try assertThrows(RedisError.self) {
      _ = try connect(redis.url).command(["PING"], timeoutMilliseconds: 1000)
    }
    XCTAssertEqual(denied.code, .noAuthentication)
    let wrong = try assertThrows(RedisError.self) {
      _ = try connect("unix://:wrong@\(redis.socket)?db=3")
    }
    XCTAssertEqual(wrong.code.rawValue, "WRONGPASS")
    let inThree = try connect("unix://:s3cr%20t@\(redis.socket)?db=3")
    _ = try inThree.command(["SET", "k", "3"], timeoutMilliseconds: 1000)
    let inZero = try connect("unix://default:s3cr%20t@\(redis.socket)")
    XCTAssertEqual(try inZero.command(["GET", "k"], timeoutMilliseconds: 1000), .null)
  }
}
