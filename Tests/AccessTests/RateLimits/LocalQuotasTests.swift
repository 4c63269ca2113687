import Access
import Web
import XCTest

/// How one process counts the requests of keys by itself.
final class LocalQuotasTests: XCTestCase {
  func testAProcessAllowsItsShareOfAMinuteThatBeginsWithTheFirstRequest() {
    var quotas = LocalQuotas(processes: 4)
    let answers = (0..<5).map { quotas.count(1, limit: 18, at: Int64(1000 + $0)) }
    XCTAssertEqual(answers.map(\.isExceeded), [false, false, false, false, true])
    XCTAssertEqual(answers.map(\.secondsLeft), [60, 60, 60, 60, 60])
    XCTAssertFalse(quotas.count(2, limit: 18, at: 1005).isExceeded, "each key has its own")
    XCTAssertTrue(quotas.count(1, limit: 18, at: 60_999).isExceeded)
    XCTAssertEqual(quotas.count(1, limit: 18, at: 60_999).secondsLeft, 1)
    XCTAssertFalse(quotas.count(1, limit: 18, at: 61_000).isExceeded)
  }

  func testAShareIsOneRequestAtLeast() {
    var quotas = LocalQuotas(processes: 8)
    XCTAssertEqual(
      (0..<3).map { quotas.count(1, limit: 1, at: $0).isExceeded }, [false, true, true])
  }

  func testItsRoomIsBounded() {
    var quotas = LocalQuotas(processes: 1, keys: 3)
    for id in 1...3 { XCTAssertFalse(quotas.count(id, limit: 1, at: 0).isExceeded) }
    XCTAssertTrue(quotas.count(1, limit: 1, at: 1).isExceeded)
    for id in 4...1000 { XCTAssertFalse(quotas.count(id, limit: 1, at: 1).isExceeded) }
  }

  func testTheHeaderLinesTellTheLimitAndWhatIsLeftOfIt() {
    let fields = Quota(limit: 10, used: 4, millisecondsLeft: 29_001).fields
    XCTAssertEqual(
      fields,
      [
        Response.Field("RateLimit-Policy", "\"key\";q=10;w=60"),
        Response.Field("RateLimit", "\"key\";r=6;t=30"),
      ])
    XCTAssertEqual(
      Quota(limit: 10, used: 12, millisecondsLeft: 0).fields.last,
      Response.Field("RateLimit", "\"key\";r=0;t=1"))
  }
}
