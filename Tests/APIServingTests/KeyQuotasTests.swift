import APIServing
import Access
import EngineSupport
import Service
import Sessions
import TestSupport
import XCTest

/// How the requests of keys are counted over all processes, and by each of them without Redis.
final class KeyQuotasTests: XCTestCase {
  private func quotas(_ url: String) throws -> KeyQuotas {
    let settings = try Settings(
      Variables([
        "REDIS_URL": url, "REDIS_TIMEOUT_MS": "5000", "SHORTENER_API_WORKERS": "3",
        "ANALYTICS_WORKERS": "2",
      ]))
    return KeyQuotas(try RedisSession(settings, log: .quiet), settings)
  }

  func testAllProcessesCountTogetherAndEachKeyForItself() throws {
    let redis = try PrivateRedis()
    let processes = try [quotas(redis.url), quotas(redis.url)]
    let answers = (0..<12).map { processes[$0 % 2].count(1, limit: 10) }
    XCTAssertEqual(answers.map(\.used), Array(1...12))
    XCTAssertEqual(answers.map(\.isExceeded), [Bool](repeating: false, count: 10) + [true, true])
    XCTAssertTrue(answers.allSatisfy { (1...60).contains($0.secondsLeft) })
    XCTAssertEqual(processes[0].count(2, limit: 10).used, 1)
  }

  func testAMinuteBeginsWithItsFirstRequestAndHasAnEnd() throws {
    let redis = try PrivateRedis()
    let quotas = try quotas(redis.url)
    XCTAssertEqual(quotas.count(1, limit: 10).used, 1)
    try redis.command("PEXPIRE", "key_requests:1", "20000")
    let later = quotas.count(1, limit: 10)
    XCTAssertEqual(later.used, 2)
    XCTAssertLessThanOrEqual(later.secondsLeft, 20, "a request makes the minute no longer")
    try redis.command("DEL", "key_requests:1")
    XCTAssertEqual(quotas.count(1, limit: 10).used, 1)
    // A process that died between two commands has left a count without an end.
    try redis.command("PERSIST", "key_requests:1")
    XCTAssertTrue((1...60).contains(quotas.count(1, limit: 10).secondsLeft))
    XCTAssertNotEqual(try redis.command("PTTL", "key_requests:1"), "-1")
  }

  func testWithoutRedisEachProcessAllowsItsShare() throws {
    let quotas = try quotas("redis://127.0.0.1:1/0")
    let answers = (0..<5).map { _ in quotas.count(1, limit: 19) }
    XCTAssertEqual(answers.map(\.isExceeded), [false, false, false, true, true])
    XCTAssertEqual(answers.map(\.limit), [3, 3, 3, 3, 3])
  }
}
