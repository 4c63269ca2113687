import Foundation
import TestSupport
import XCTest

/// What others of this machine can read of what the programs share.
final class StateDirectorySiteTests: XCTestCase {
  func testOthersCanReadNoFileOfTheStateDirectoryButTheGenerations() throws {
    // Every program has made its files once it has served.
    let site = try Site()
    let code = try site.shorten("https://example.com/state")
    XCTAssertEqual(try site.http.get("/\(code)").status, 301)
    _ = try site.stats(code, clicks: 1)
    let path = try TestStack.value("STATE_DIR")
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
    XCTAssertGreaterThan(names.count, 4, "\(names)")
    for name in names {
      let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
      let mode = try XCTUnwrap(attributes[.posixPermissions] as? Int)
      XCTAssertEqual(mode & 0o007, name == "generations" ? 0o004 : 0, name)
    }
    XCTAssertTrue(names.contains("generations"), "\(names)")
  }
}
