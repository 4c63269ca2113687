import API
import Access
import Description
import EngineSupport
import HTTPTypes
import Metrics
import Serving
import Web
import XCTest

/// Access to the operations of every list: which callers are refused, and that nothing is done for them.
final class GeneratedRefusalTests: XCTestCase {
  func testEveryOperationThatIsServedIsDescribed() {
    let described = Set(APIDescription.operations.map(\.name))
    XCTAssertEqual(
      Set(AnyOperation.all.map(\.description.name)).union(["redirect", "probe", "track"]),
      described)
    XCTAssertEqual(described.count, APIDescription.operations.count, "a name comes twice")
  }

  func testNoOperationUnderRESTIsOpenButForItsHealth() {
    for operation in AnyOperation.all.map(\.description) where operation.route.isREST {
      let isHealth = operation.route.path.description.hasSuffix("/health")
      XCTAssertEqual(operation.permission == .open, isHealth, operation.name)
    }
  }

  func testWithoutAKeyWhatNeedsOneIsRefusedBeforeItIsRead() throws {
    try each(where: \.needsKey) { operation, request in
      let problem = try XCTUnwrap(request.with(operation.refusal), "\(request)")
      XCTAssertEqual(problem.type, ProblemType.Shlink.missingAuthentication, "\(request)")
      XCTAssertEqual(problem.status, .unauthorized)
      XCTAssertTrue(operation.description.problems.contains(problem.type), "\(request)")
    }
  }

  func testWithAWrongKeyWhatIsNotOpenIsRefusedBeforeItIsRead() throws {
    try each(where: \.looksAtKeys) { operation, request in
      for (key, authorization) in [
        ("wrong", nil), (nil, "Bearer wrong"), ("wrong", "Bearer wrong"), ("", nil), (nil, ""),
        (String(repeating: "k", count: 8000), nil), (nil, "Basic d3Jvbmc6d3Jvbmc="),
        ("operator", nil),
      ] {
        var request = request
        request.apiKey = key
        request.authorization = authorization
        let problem = try XCTUnwrap(request.with(operation.refusal), "\(request)")
        // Who signs in may send an Authorization of another scheme: it is no key.
        let signsIn = operation.description.permission == .signIn
        let isKey = key != nil || authorization == "Bearer wrong"
        let type =
          isKey || !signsIn
          ? ProblemType.Shlink.invalidAPIKey : ProblemType.Shlink.missingAuthentication
        XCTAssertEqual(problem.type, type, "\(request)")
        XCTAssertEqual(problem.status, .unauthorized)
        XCTAssertTrue(operation.description.problems.contains(problem.type), "\(request)")
      }
    }
  }

  func testARefusedRequestDoesNothing() {
    let deeds = Deeds()
    let handler = OperationHandler(
      Deed(), Authenticator(), isLink: Router<Handler>.Pattern.isName)
    for key in [nil, "wrong"] {
      let request = MadeRequest(method: .delete, target: "/rest/v3/deed", apiKey: key)
      XCTAssertEqual(request.with { handler.answer($0, in: deeds) }.status, .unauthorized)
    }
    XCTAssertEqual(deeds.count, 0)
  }

  /// Calls `body` for each operation that asks for so much, with a good and with some bad requests.
  private func each(
    where isMeant: (Permission) -> Bool, _ body: (AnyOperation, MadeRequest) throws -> Void
  ) throws {
    let closed = AnyOperation.all.filter { isMeant($0.description.permission) }
    XCTAssertFalse(closed.isEmpty)
    for operation in closed {
      try body(operation, MadeRequest(exampleOf: operation.description))
      var maker = RequestMaker(operation.description, seed: 1)
      for _ in 0..<20 { try body(operation, maker.next()) }
    }
  }
}

/// Counts what was done.
private final class Deeds {
  var count = 0
}

private struct Deed: API.Operation {
  typealias Input = NoInput
  typealias Output = NoContent
  typealias Failure = Never
  typealias Stores = Deeds

  static let route = Route.delete("/rest/v3/deed")
  static let permission = Permission.edit(.shortURLs)
  static let topic = Topic.shortURLs
  static let summary = "Do something"
  static let endpoint = Endpoint.none

  func perform(_: NoInput, for _: Caller, in deeds: Deeds) -> NoContent {
    deeds.count += 1
    return NoContent()
  }
}
