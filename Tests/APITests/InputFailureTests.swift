import Web
import XCTest

@testable import API
@testable import JSON

/// How a client is told that its input is refused, in both namespaces of problem types.
final class InputFailureTests: XCTestCase {
  func testEachFailureHasItsTypeInEachNamespace() throws {
    let json = InputFailure.invalidJSON(JSONError(reason: .empty, offset: 0))
    let data = InputFailure.invalid([Complaint("a", InvalidValue("is missing"))])
    let url = InputFailure.invalid([Complaint("a", InvalidValue("Bad.", as: .invalidURL))])
    let path = InputFailure.invalid([
      Complaint("b", InvalidValue("is missing")),
      Complaint("a", InvalidValue("is none", as: .shortURLNotFound), isOfPath: true),
    ])
    let cases: [(InputFailure, ProblemType, ProblemType)] = [
      (.bodyTooLarge, .payloadTooLarge, .payloadTooLarge),
      (.unsupportedMediaType, .unsupportedMediaType, .unsupportedMediaType),
      (.unsupportedContentCoding, .unsupportedMediaType, .unsupportedMediaType),
      (json, .invalidJSON, ProblemType.Shlink.malformedBody),
      (.noObject(kind: "null"), .invalidData, ProblemType.Shlink.malformedBody),
      (data, .invalidData, ProblemType.Shlink.invalidData),
      (url, .invalidURL, ProblemType.Shlink.invalidData),
      (path, .shortURLNotFound, ProblemType.Shlink.shortURLNotFound),
    ]
    for (failure, own, rest) in cases {
      XCTAssertEqual(failure.problem(isREST: false).type, own, "\(failure)")
      XCTAssertEqual(failure.problem(isREST: true).type, rest, "\(failure)")
    }
  }

  func testATextWithNULIsNotCalledNoJSON() {
    let failure = InputFailure.invalidJSON(JSONError(reason: .nul, offset: 12))
    XCTAssertEqual(
      failure.problem(isREST: true).detail, "No text of the body may have U+0000 (byte 12).")
  }

  func testInvalidElementsAreNamedUnderRESTAlone() throws {
    let failure = InputFailure.invalid([
      Complaint("a", InvalidValue("is missing")),
      Complaint("b", InvalidValue("Bad.", as: .invalidURL)),
    ])
    let problem = failure.problem(isREST: true)
    XCTAssertEqual(problem.members, [.init("invalidElements", .array(["a", "b"]))])
    XCTAssertEqual(problem.detail, "a is missing. Bad.")
    XCTAssertEqual(failure.problem(isREST: false).members, [])
    // The type of one field is the type of the whole only where nothing else is wrong.
    XCTAssertEqual(failure.problem(isREST: false).type, .invalidData)
  }
}
