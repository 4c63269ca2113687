import Redis
import XCTest

@testable import Delivery

/// What tells one Redis from another.
final class CacheIdentityTests: XCTestCase {
  private func identity(_ server: String, _ replication: String) -> CacheIdentity? {
    CacheIdentity([.bulk(Array(server.utf8)), .bulk(Array(replication.utf8))])
  }

  func testItIsTheRunAndTheHistoryOfItsData() {
    let one = identity(
      "# Server\r\nrun_id:a1\r\ntcp_port:0\r\n", "role:master\r\nmaster_replid:b1\r\n")
    XCTAssertEqual(one?.description, "a1 b1")
    XCTAssertNotEqual(one, identity("run_id:a2\r\n", "master_replid:b1\r\n"))
    XCTAssertNotEqual(one, identity("run_id:a1\r\n", "master_replid:b2\r\n"))
    XCTAssertEqual(one, identity("run_id:a1\n", "master_replid:b1\nmaster_replid2:c\n"))
  }

  func testHalfOfItIsEnoughAndNoneIsNone() {
    XCTAssertEqual(identity("", "master_replid:b1\r\n")?.description, " b1")
    XCTAssertNil(identity("run_id:\r\n", "master_replid:\r\n"))
    XCTAssertNil(CacheIdentity([.error("NOPERM"), .error("NOPERM")]))
    XCTAssertNil(CacheIdentity([]))
  }
}
