import Web
import XCTest

final class PathTemplateTests: XCTestCase {
  private func captures(_ template: PathTemplate, _ path: String) -> [String]? {
    captures(template, Array(path.utf8))
  }

  private func captures(_ template: PathTemplate, _ path: [UInt8]) -> [String]? {
    path.withUnsafeBufferPointer { bytes in
      template.captures(of: bytes) { $0.count < 6 }?.map { String(decoding: $0, as: UTF8.self) }
    }
  }

  private let rules: PathTemplate = "/rest/v3/short-urls/{shortCode}/redirect-rules"

  func testATemplateTakesItsPathAndNoOther() {
    XCTAssertEqual(captures("/shorten", "/shorten"), [])
    for path in ["", "/", "/shorte", "/shortens", "/shorten/", "//shorten", "shorten", "/Shorten"] {
      XCTAssertNil(captures("/shorten", path), path)
    }
  }

  func testVersionsOneToThreeAreOne() {
    for version in ["v1", "v2", "v3"] {
      XCTAssertEqual(captures(rules, "/rest/\(version)/short-urls/a/redirect-rules"), ["a"])
    }
    for version in ["v0", "v4", "v", "v12", "V3", "", "v%33", "3", "v\u{661}"] {
      XCTAssertNil(captures(rules, "/rest/\(version)/short-urls/a/redirect-rules"), version)
    }
    // Only under /rest, and only there.
    XCTAssertNil(captures("/other/v3/x", "/other/v1/x"))
    XCTAssertNil(captures("/rest/v3/v3", "/rest/v3/v1"))
  }

  func testACaptureIsOneSegmentAsItWasSent() {
    for segment in ["a", "..", ".", "%2f", "%2F..%2f", "%", "%zz", "+", "a;b", "\u{0}", "ü", "{x}"]
    {
      XCTAssertEqual(
        captures(rules, "/rest/v3/short-urls/\(segment)/redirect-rules"), [segment], segment)
    }
    XCTAssertEqual(captures("/x/{a}", Array("/x/".utf8) + [0xFF, 0x80]), ["\u{FFFD}\u{FFFD}"])
    for path in [
      "/rest/v3/short-urls//redirect-rules", "/rest/v3/short-urls/a/b/redirect-rules",
      "/rest/v3/short-urls/a/redirect-rules/", "/rest/v3/short-urls/a//redirect-rules",
      "/rest/v3/short-urls/redirect-rules", "/rest/v3//short-urls/a/redirect-rules",
      "/rest/v3/short-urls/a", "/rest/v3/short-urls/a?/redirect-rules/x",
    ] {
      XCTAssertNil(captures(rules, path), path)
    }
  }

  func testASlugTakesSeveralSegmentsWhereItMay() {
    func captures(_ template: PathTemplate, _ path: String) -> [String]? {
      Array(path.utf8).withUnsafeBufferPointer { bytes in
        template.captures(
          of: bytes, isLink: { _ in false },
          isSlug: { !String(decoding: $0, as: UTF8.self).hasSuffix("redirect-rules") }
        )?.map { String(decoding: $0, as: UTF8.self) }
      }
    }
    let link: PathTemplate = "/rest/v3/short-urls/{shortCode}"
    for slug in ["a", "a/b", "a/b/c", "a//b", "a/", "/a", "a%2Fb"] {
      XCTAssertEqual(captures(link, "/rest/v3/short-urls/" + slug), [slug])
    }
    for slug in ["a", "a/b", "a/redirect-rules/b"] {
      XCTAssertEqual(captures(rules, "/rest/v1/short-urls/\(slug)/redirect-rules"), [slug])
    }
    XCTAssertNil(captures(link, "/rest/v3/short-urls/a/redirect-rules"))
    for path in ["/rest/v3/short-urls", "/rest/v3/short-urls/", "/rest/v3/x/a/b"] {
      XCTAssertNil(captures(link, path), path)
    }
    XCTAssertNil(captures("/rest/v3/tags/{tag}/visits", "/rest/v3/tags/a/b/visits"))
  }

  func testWhatFollowsANameInItsSegmentIsPartOfThePath() {
    let template: PathTemplate = "/{shortCode}+"
    XCTAssertEqual(template.description, "/{shortCode}+")
    XCTAssertEqual(template.names, ["shortCode"])
    for (path, name) in [
      ("/a+", "a"), ("/a%2B", "a"), ("/a%2b", "a"), ("/a++", "a+"), ("/%+", "%"),
    ] {
      XCTAssertEqual(captures(template, path), [name], path)
    }
    for path in ["/+", "/%2B", "/a", "/a+/", "/a/+", "/a/b+", "/a+b", "/a%2", "/a%0B", "+", "/"] {
      XCTAssertNil(captures(template, path), path)
    }
    let segments = Array("/a/b+".utf8).withUnsafeBufferPointer { path in
      template.captures(of: path, isLink: { _ in false }, isSlug: { $0.last == UInt8(ascii: "b") })?
        .map { String(decoding: $0, as: UTF8.self) }
    }
    XCTAssertEqual(segments, ["a/b"])
  }

  func testALinksNameTakesTheRestOfThePath() {
    let template: PathTemplate = "/stats/{short_code…}"
    XCTAssertEqual(captures(template, "/stats/abc/"), ["abc/"])
    XCTAssertEqual(captures(template, "/stats/a/b"), ["a/b"])
    XCTAssertNil(captures(template, "/stats/abcdef"), "what is no name")
    XCTAssertNil(captures(template, "/stats"))
    XCTAssertEqual(template.description, "/stats/{short_code}")
    XCTAssertEqual(template.names, ["short_code"])
  }

  func testATemplateIsWrittenAsItWas() {
    XCTAssertEqual(rules.description, "/rest/v3/short-urls/{shortCode}/redirect-rules")
    XCTAssertEqual(rules.names, ["shortCode"])
    XCTAssertTrue(rules.isREST)
    XCTAssertFalse(PathTemplate("/restful/{a}").isREST)
  }
}
