import API
import Access
import EngineSupport
import Glibc
import HTTPTypes
import Management
import Postgres
import TestSupport
import Web
import XCTest

/// How long a list may take.
final class ListTimeTests: XCTestCase {
  /// Others wait behind a request, and nobody behind the command line.
  func testAListOfARequestEndsBeforeOneOfTheCommandLine() throws {
    let scene = try ManagedScene(["PG_LIST_TIMEOUT_MS": "300", "PG_WRITE_TIMEOUT_MS": "600000"])
    let key = Caller.key(Key(id: 1, tenant: 0, rights: KeyRights()))
    XCTAssertEqual(try scene.perform(ListShortURLs(), for: key).links, [])
    let other = try scene.database.admin()
    try other.executeScript(
      unsafe: "BEGIN; LOCK TABLE short_urls, tags, domains", "hold", timeoutMilliseconds: 20_000)
    for list in [
      { _ = try scene.perform(ListShortURLs(), for: key) },
      { _ = try scene.perform(ListTags(), for: key) },
      { _ = try scene.perform(ListTagStats(), for: key) },
      { _ = try scene.perform(ListDomains(), for: key) },
    ] {
      // Without the list's own limit this would wait for ten minutes.
      let failure = try assertThrows(ManagementFailure.self, list)
      guard case .tooSlow = failure else { return XCTFail("\(failure)") }
      XCTAssertEqual(failure.problem.status.code, 503)
    }
    try other.executeScript(unsafe: "COMMIT", "end", timeoutMilliseconds: 20_000)
    XCTAssertEqual(
      try scene.perform(ListShortURLs(), for: key).links, [],
      "the server ended the statements, not the connection")
  }

  /// Each statement alone ends in time; those of one request have no more than that all together.
  func testTheStatementsOfAListShareItsTime() throws {
    let scene = try ManagedScene(["PG_LIST_TIMEOUT_MS": "2000"])
    func listTwice(for caller: Caller) throws {
      try scene.stores.units.readList("list twice", for: caller) { unit throws(TableError) in
        _ = try unit.shortURLs.list(ShortURLFilter(), for: caller)
        usleep(2_000_000)
        _ = try unit.shortURLs.list(ShortURLFilter(), for: caller)
      }
    }
    let failure = try assertThrows(ManagementFailure.self) {
      try listTwice(for: .key(Key(id: 1, tenant: 0, rights: KeyRights())))
    }
    guard case .tooSlow = failure else { return XCTFail("\(failure)") }
    try listTwice(for: .operator)
  }
}
