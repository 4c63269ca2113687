import TestSupport
import XCTest

/// What OPTIONS says of every path of the description.
final class GeneratedOptionsSiteTests: XCTestCase {
  /// A redirect is followed, a pixel shown, and no page of another origin reads them; the numbers are for
  /// this machine.
  private static let withoutOrigins: Set = ["/{short_code}", "/{short_code}/track", "/metrics"]

  func testAPreflightOfAnAllowedOriginIsAnsweredWithoutAKeyOrABody() throws {
    let http = try Site().http
    for operation in try ServedDescription(http).operations
    where !Self.withoutOrigins.contains(operation.path) {
      let answer = try http.request(
        "OPTIONS", operation.target("zzzz"),
        [
          ("Origin", "https://app.example"),
          ("Access-Control-Request-Method", operation.method),
          ("Access-Control-Request-Headers", "content-type"),
        ])
      XCTAssertEqual(answer.status, 204, operation.path)
      XCTAssertEqual(answer.body, [], operation.path)
      XCTAssertNotNil(answer["access-control-allow-origin"], operation.path)
      XCTAssertNil(answer["access-control-allow-credentials"], operation.path)
      let methods = answer["access-control-allow-methods"]?.split(separator: ", ") ?? []
      XCTAssertTrue(methods.contains { $0 == operation.method }, "\(operation.path): \(methods)")
    }
  }

  func testAPlainOPTIONSIsNoOperation() throws {
    let http = try Site().http
    for operation in try ServedDescription(http).operations {
      let answer = try http.request("OPTIONS", operation.target("zzzz"))
      XCTAssertEqual(answer.status, operation.isREST ? 404 : 405, operation.path)
      XCTAssertNil(answer["access-control-allow-origin"], operation.path)
      XCTAssertNil(answer["access-control-allow-methods"], operation.path)
    }
  }
}
