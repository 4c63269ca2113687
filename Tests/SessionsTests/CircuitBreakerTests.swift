import Sessions
import TestSupport
import XCTest

final class CircuitBreakerTests: XCTestCase {
  func testThePauseGrowsToItsLimitAndEndsWithTheFirstSuccess() {
    var random = SplitMix64(seed: 1)
    var breaker = CircuitBreaker(shortestMilliseconds: 200, longestMilliseconds: 1000)
    XCTAssertTrue(breaker.allows(at: 0))
    for (failures, pause) in [200, 400, 800, 1000, 1000].enumerated() {
      let now = Int64(failures) * 10_000
      breaker.failed(at: now, using: &random)
      XCTAssertFalse(breaker.allows(at: now + Int64(pause) / 2 - 1))
      XCTAssertTrue(breaker.allows(at: now + Int64(pause)))
      XCTAssertEqual(breaker.retryAfterSeconds(at: now), 1)
    }
    XCTAssertTrue(breaker.isTripped)
    breaker.succeeded()
    XCTAssertFalse(breaker.isTripped)
    XCTAssertTrue(breaker.allows(at: 0))
  }

  func testNotAllPausesAreTheSame() {
    var random = SystemRandomNumberGenerator()
    let ends = (0..<50).map { _ in
      var breaker = CircuitBreaker(shortestMilliseconds: 1000, longestMilliseconds: 1000)
      breaker.failed(at: 0, using: &random)
      return (0...1000).first { breaker.allows(at: $0) }
    }
    XCTAssertGreaterThan(Set(ends).count, 10)
  }
}
