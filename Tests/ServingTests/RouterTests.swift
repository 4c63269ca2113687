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

  /// As the pool of the API has them.
  private func templates() -> Router<String> {
    var router = Router<String>()
    router.on(.get, .head, at: .template("/rest/v3/short-urls"), "list")
    router.on(.get, .head, at: .template("/rest/v3/short-urls/shorten"), "shorten")
    router.on(.get, .head, at: .template("/rest/v3/short-urls/{shortCode}"), "get")
    router.on([.patch], at: .template("/rest/v3/short-urls/{shortCode}"), "edit")
    router.on([.delete], at: .template("/rest/v3/short-urls/{shortCode}"), "delete")
    router.on([.put], at: .template("/rest/v3/tags"), "rename")
    router.on(.get, .head, at: .template("/stats/{shortCode…}"), "stats")
    return router
  }

  private func outcome(
    _ method: HTTPRequest.Method, _ target: String, _ router: Router<String>? = nil
  ) -> String {
    Array(target.utf8).withUnsafeBufferPointer { target in
      switch (router ?? self.router()).match(method, Request(method: method, target: target).path) {
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

  func testRoutesOfOnePathAreToldApartByTheMethod() {
    for (method, handler) in [
      (HTTPRequest.Method.get, "get"), (.head, "get"), (.patch, "edit"), (.delete, "delete"),
    ] {
      let path = "/rest/v3/short-urls/abc"
      XCTAssertEqual(outcome(method, path + "?domain=x", templates()), "\(handler) \(path)")
    }
    XCTAssertEqual(
      outcome(.put, "/rest/v3/short-urls/abc", templates()), "405 GET, HEAD, PATCH, DELETE")
    XCTAssertEqual(outcome(.post, "/rest/v3/short-urls", templates()), "405 GET, HEAD")
    XCTAssertEqual(outcome(.get, "/rest/v3/tags", templates()), "405 PUT")
  }

  func testOfTwoTemplatesThatFitTheFirstThatHasTheMethodAnswers() {
    let path = "/rest/v3/short-urls/shorten"
    XCTAssertEqual(outcome(.get, path, templates()), "shorten " + path)
    XCTAssertEqual(outcome(.delete, path, templates()), "delete " + path)
    XCTAssertEqual(outcome(.post, path, templates()), "405 GET, HEAD, PATCH, DELETE")
  }

  func testTheVersionsOfTheRESTAPIAreOne() {
    for version in ["v1", "v2", "v3"] {
      XCTAssertEqual(
        outcome(.put, "/rest/\(version)/tags", templates()), "rename /rest/\(version)/tags")
    }
    for version in ["v0", "v4", "v", "v33", "V3", "v3.", ""] {
      XCTAssertEqual(outcome(.put, "/rest/\(version)/tags", templates()), "404", version)
    }
  }

  func testATemplateTakesNoOtherNumberOfSegments() {
    for target in [
      "/rest", "/rest/", "/rest/v3", "/rest/v3/short-urls/", "/rest/v3/short-urls//",
      "/rest/v3/short-urls/abc/", "/rest/v3/short-urls/abc/visits", "/rest/v3//short-urls",
      "//rest/v3/short-urls", "/rest/v3/short-urlsabc", "/rest/v3/short-url", "rest/v3/tags", "",
    ] {
      XCTAssertEqual(outcome(.get, target, templates()), "404", target)
    }
    // What running text adds is for links alone.
    XCTAssertEqual(outcome(.get, "/stats/abc&u=a/b", templates()), "stats /stats/abc&u=a/b")
    XCTAssertEqual(outcome(.get, "/stats/abc/", templates()), "stats /stats/abc/")
    XCTAssertEqual(outcome(.get, "/stats/abc/def", templates()), "404")
  }
}
