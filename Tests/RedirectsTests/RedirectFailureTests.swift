import HTTPTypes
import Metrics
import Redirects
import Web
import XCTest

final class RedirectFailureTests: XCTestCase {
  func testWhatAnotherWorkerAnswersIsNoOutcome() {
    let unavailable = RedirectFailure.unavailable(retryAfterSeconds: 3)
    XCTAssertNil(RedirectFailure.handedOn.outcome(isFinal: true))
    XCTAssertNil(unavailable.outcome(isFinal: false))
    XCTAssertEqual(unavailable.outcome(isFinal: true), .unavailable)
    for isFinal in [false, true] {
      XCTAssertEqual(RedirectFailure.unknownCode.outcome(isFinal: isFinal), .notFound)
      XCTAssertEqual(RedirectFailure.early.outcome(isFinal: isFinal), .notFound)
      XCTAssertEqual(RedirectFailure.gone.outcome(isFinal: isFinal), .gone)
      XCTAssertEqual(RedirectFailure.spent.outcome(isFinal: isFinal), .gone)
    }
  }

  func testOnlyThePageForPeopleTellsALinkThatIsEarlyOrSpent() {
    let pairs: [(RedirectFailure, RedirectFailure, String)] = [
      (.early, .unknownCode, "early"), (.spent, .gone, "spent"),
    ]
    for (told, plain, page) in pairs {
      XCTAssertEqual(told.problem.type, plain.problem.type)
      XCTAssertEqual(told.problem.response.body, plain.problem.response.body)
      XCTAssertEqual(plain.problem.fields, [])
      XCTAssertEqual(told.problem.fields, [Response.Field("X-Swiftlet-Shown", page)])
    }
  }

  func testEachFailureHasAStatusOfItsOwn() {
    let failures: [(RedirectFailure, Int)] = [
      (.unknownCode, 404), (.gone, 410), (.handedOn, 530),
      (.unavailable(retryAfterSeconds: 3), 503),
    ]
    for (failure, status) in failures {
      XCTAssertEqual(failure.problem.response.status.code, status)
    }
    XCTAssertEqual(
      RedirectFailure.unavailable(retryAfterSeconds: 3).problem.fields,
      [Response.Field("Retry-After", "3")])
  }
}
