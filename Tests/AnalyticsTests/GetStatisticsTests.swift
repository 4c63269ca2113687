import API
import Access
import Analytics
import EngineSupport
import HTTPTypes
import Links
import Web
import XCTest

final class GetStatisticsTests: XCTestCase {
  private func slugs(_ path: String) throws -> [String] {
    let handler = OperationHandler(GetStatistics(), Authenticator()) { _ in true }
    return try MadeRequest(method: .get, target: path).with { request in
      try handler.input(of: request).map(\.description)
    }
  }

  func testAPathNamesALinkAsWrittenAndWithoutWhatFollowsIt() throws {
    XCTAssertEqual(try slugs("/stats/abc"), ["abc"])
    XCTAssertEqual(try slugs("/stats/abc."), ["abc.", "abc"])
    XCTAssertEqual(try slugs("/stats/abc%2F"), ["abc"])
    XCTAssertEqual(try slugs("/stats/abc%20def/"), ["abc"])
    XCTAssertEqual(try slugs("/stats/abc&u=a/b?x=y"), ["abc"])
  }

  func testAPathIsDecodedOnceOnly() {
    for path in ["/stats/abc%252F", "/stats/abc%252e%2532"] {
      XCTAssertThrowsError(try slugs(path), path)
    }
  }

  func testAPathThatCanNameNoLinkIsAnsweredLikeAnUnknownCode() throws {
    for path in ["/stats/%20", "/stats/%ff", "/stats/%00", "/stats/&", "/stats/a-b%c3%a9x"] {
      XCTAssertThrowsError(try slugs(path), path) { error in
        let problem = (error as? InputFailure)?.problem(isREST: false)
        XCTAssertEqual(problem, .unknownCode, path)
      }
    }
  }
}
