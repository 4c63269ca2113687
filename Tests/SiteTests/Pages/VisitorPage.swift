import Foundation
import TestSupport
import XCTest

/// The pages that ship, and what holds of each that is served.
enum VisitorPage {
  /// What a browser says that follows a link.
  static let browser = [
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"),
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
  ]

  static let directory = Repository.url("nginx-config/pages")

  static func file(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: directory.appending(path: name)))
  }

  /// Asserts that an answer is a page of a status, and byte for byte this one unless `page` is nil.
  static func assert(
    _ answer: HTTPClient.Answer, _ page: String?, _ status: Int, _ note: String,
    file: StaticString = #filePath, line: UInt = #line
  ) throws {
    XCTAssertEqual(answer.status, status, note, file: file, line: line)
    XCTAssertEqual(answer["content-type"], "text/html; charset=utf-8", note, file: file, line: line)
    XCTAssertEqual(answer.all("vary"), ["Accept"], note, file: file, line: line)
    XCTAssertEqual(answer.all("cache-control"), ["no-store"], note, file: file, line: line)
    XCTAssertEqual(answer.all("x-robots-tag"), ["noindex"], note, file: file, line: line)
    XCTAssertEqual(answer.all("x-request-id").count, 1, note, file: file, line: line)
    XCTAssertEqual(answer["x-content-type-options"], "nosniff", note, file: file, line: line)
    XCTAssertNil(answer["location"], note, file: file, line: line)
    let policies = answer.all("content-security-policy")
    XCTAssertEqual(policies.count, 1, note, file: file, line: line)
    let policy = policies.first ?? ""
    for part in [
      "default-src 'none'", "style-src 'self'", "base-uri 'none'", "form-action 'none'",
      "frame-ancestors 'none'",
    ] {
      XCTAssertTrue(policy.contains(part), "\(note): \(policy)", file: file, line: line)
    }
    XCTAssertFalse(policy.contains("script-src"), policy, file: file, line: line)
    guard let page else { return }
    XCTAssertEqual(
      answer.text, String(decoding: try Self.file(page + ".html"), as: UTF8.self), note,
      file: file, line: line)
  }
}
