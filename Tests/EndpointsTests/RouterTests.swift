import HTTPTypes
import Web
import XCTest

final class RouterTests: XCTestCase {
  private func router() -> Router<String> {
    var router = Router<String>()
    router.on(.post, at: .exact("/shorten"), "shorten")
    router.on(.get, .head, at: .segment(after: "/stats/"), "stats")
    router.on(.get, .head, at: .segment(after: "/"), "redirect")
    return router
  }

  private func outcome(_ method: HTTPRequest.Method, _ target: String) -> String {
    switch router().match(method, Request(method: method, target: target).path) {
    case .found(let handler, let segment): "\(handler) \(segment)"
    case .methodNotAllowed(let allow): "405 \(allow)"
    case .notFound: "404"
    }
  }

  func testAPathFindsItsHandlerAndItsSegment() {
    XCTAssertEqual(outcome(.post, "/shorten"), "shorten ")
    XCTAssertEqual(outcome(.get, "/abc?q=/x/y"), "redirect abc")
    XCTAssertEqual(outcome(.head, "/stats/abc"), "stats abc")
  }

  func testAMethodThatIsNotThereIsToldWhichAre() {
    XCTAssertEqual(outcome(.get, "/shorten"), "405 POST")
    XCTAssertEqual(outcome(.delete, "/abc"), "405 GET, HEAD")
  }

  func testOtherPathsAreNotFound() {
    for target in ["/", "/a/b", "/abc/", "//abc", "/stats/", "/stats/a/b", "", "?x"] {
      XCTAssertEqual(outcome(.get, target), "404", target)
    }
  }

  func testAFieldThatCouldBreakOutOfItsLineIsNotSent() {
    let response = Response(
      status: .ok,
      fields: [Response.Field("X-A", "a\r\nX-B: b"), Response.Field("X-C", "c")],
      body: [0x68, 0x69])
    var bytes: [UInt8] = []
    response.append(to: &bytes, isHead: false)
    XCTAssertEqual(
      String(decoding: bytes, as: UTF8.self),
      "Status: 200 OK\r\nX-C: c\r\nContent-Length: 2\r\n\r\nhi")
    bytes = []
    response.append(to: &bytes, isHead: true)
    XCTAssertTrue(String(decoding: bytes, as: UTF8.self).hasSuffix("Content-Length: 2\r\n\r\n"))
  }
}
