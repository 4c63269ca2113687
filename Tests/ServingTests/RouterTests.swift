import HTTPTypes
import Web
import XCTest

@testable import Serving

final class RouterTests: XCTestCase {
  private func router() -> Router<String> {
    var router = Router<String>()
    router.on(.post, at: .exact("/shorten"), "shorten")
    router.on(.get, .head, at: .segment(after: "/stats/"), "stats")
    router.on(.get, .head, at: .segment(after: "/"), "redirect")
    return router
  }

  private func outcome(_ method: HTTPRequest.Method, _ target: String) -> String {
    Array(target.utf8).withUnsafeBufferPointer { target in
      switch router().match(method, Request(method: method, target: target).path) {
      case .found(let handler, let segment):
        "\(handler) \(String(decoding: segment, as: UTF8.self))"
      case .methodNotAllowed(let allow): "405 \(allow)"
      case .notFound: "404"
      }
    }
  }

  func testAPathFindsItsHandlerAndItsSegment() {
    XCTAssertEqual(outcome(.post, "/shorten"), "shorten ")
    XCTAssertEqual(outcome(.get, "/abc?q=/x/y"), "redirect abc")
    XCTAssertEqual(outcome(.head, "/stats/abc"), "stats abc")
  }

  func testWhatRunningTextAddsToALinkIsNoFurtherSegment() {
    for text in ["abc/", "abc//", "abc/.", "abc%20/", "abc&u=a/b", "abc).", "abc%E2%80%9D/"] {
      XCTAssertEqual(outcome(.get, "/" + text), "redirect " + text)
      XCTAssertEqual(outcome(.get, "/stats/" + text), "stats " + text)
    }
  }

  func testAMethodThatIsNotThereIsToldWhichAre() {
    XCTAssertEqual(outcome(.get, "/shorten"), "405 POST")
    XCTAssertEqual(outcome(.delete, "/abc"), "405 GET, HEAD")
  }

  func testOtherPathsAreNotFound() {
    for target in [
      "/", "/a/b", "/a/b/", "//abc", "//", "/stats/a/b", "/&u=a/b", "", "?x",
    ] {
      XCTAssertEqual(outcome(.get, target), "404", target)
    }
  }
}
