import TestSupport
import XCTest

/// The fast path beside the programs that announce and receive changes of links.
///
/// Here nginx remembers a link for a minute.
final class FastPathAnnouncementSiteTests: FastPathTestCase {
  func testAnEditedDisabledEnabledOrDeletedLinkIsSeen() throws {
    let code = try hotLink("https://example.com/1")
    for number in 2...5 {
      let url = "https://example.com/\(number)"
      try stack().change("edit", code, "--url", url)
      assertSeen(code, url)
      XCTAssertTrue(try eventually(seconds: 20) { try isFast(code) })
      try stack().change("disable", code)
      assertSeen(code, nil)
      try stack().change("enable", code)
      assertSeen(code, url)
      XCTAssertTrue(try eventually(seconds: 20) { try isFast(code) })
    }
    try stack().change("delete", code)
    assertSeen(code, nil)
    // The pool says the same by another spelling.
    try assertProblem(stack().site.http.get("/" + encoded(code)), 410)
  }

  func testWithoutTheInvalidatorAChangeIsSeenAllTheSame() throws {
    let code = try hotLink("https://example.com/before")
    try stack().control("stop", "invalidator")
    do {
      defer { try? stack().control("start", "invalidator") }
      try stack().change("edit", code, "--url", "https://example.com/after")
      assertSeen(code, "https://example.com/after")
      try stack().change("disable", code)
      assertSeen(code, nil)
    }
    try stack().change("enable", code)
    assertSeen(code, "https://example.com/after")
  }

  /// A busy machine may hold up the beat, so this is tried some times.
  func testALinkThatNobodyChangesIsNotAskedForAgain() throws {
    let isRemembered = try (1...30).contains { _ in
      let code = try hotLink("https://example.com/remembered")
      let gets = try stack().gets()
      let end = GenerationPage.now + 1500
      while GenerationPage.now < end {
        XCTAssertEqual(try stack().site.http.request("HEAD", "/\(code)").status, 301)
      }
      return try stack().gets() == gets
    }
    XCTAssertTrue(isRemembered)
  }

  /// Asserts that a link soon leads to a URL, or nowhere (410) with nil.
  ///
  /// That must come long before nginx's remembered entry would expire.
  private func assertSeen(
    _ code: String, _ url: String?, file: StaticString = #filePath, line: UInt = #line
  ) {
    let isSeen = try? eventually(seconds: 20) {
      let answer = try stack().site.http.request("HEAD", "/\(code)")
      return answer.status == (url == nil ? 410 : 301) && answer["location"] == url
    }
    XCTAssertEqual(isSeen, true, url ?? "410", file: file, line: line)
  }
}
