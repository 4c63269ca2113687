import Foundation
import TestSupport
import XCTest

/// What README.md gives a newcomer to try, run line by line.
final class ReadmeSiteTests: XCTestCase {
  func testTheLinesToTryMakeALinkFollowItAndCountIt() throws {
    let readme = try Repository.text("README.md")
    let lines = readme.split(separator: "\n").map(String.init).filter { $0.hasPrefix("curl ") }
    XCTAssertEqual(lines.count, 3)
    let baseURL = try TestStack.value("BASE_URL")
    func run(_ line: String, code: String = "") throws -> String {
      let command = line.replacingOccurrences(of: "localhost:8080", with: baseURL)
        .replacingOccurrences(of: "/CODE", with: "/" + code)
      return try Command.output("/bin/sh", ["-c", command])
    }
    let link = try JSONAnswer(run(lines[0]))
    let code = try link["short_code"].text
    XCTAssertEqual(try link["original_url"].text, "https://www.debian.org/")
    let answer = try run(lines[1], code: code)
    XCTAssertTrue(answer.hasPrefix("HTTP/1.1 301 "), answer)
    XCTAssertTrue(answer.contains("\r\nLocation: https://www.debian.org/\r\n"), answer)
    let isCounted = eventually(seconds: 60) {
      // A machine that is too busy may answer 503 for a while.
      guard let stats = try? JSONAnswer(run(lines[2], code: code)) else { return false }
      return (try? stats["short_code"].text) == code && (try? stats["total_clicks"].number) == 1
        && (try? stats["human_clicks"].number) == 0
    }
    XCTAssertTrue(isCounted)
  }
}
