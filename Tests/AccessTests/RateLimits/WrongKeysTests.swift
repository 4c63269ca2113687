import Access
import XCTest

/// How wrong keys are limited where no engine counts them.
final class WrongKeysTests: XCTestCase {
  private func wait(_ keys: inout WrongKeys, of address: String, at now: Int64) -> Int? {
    Array(address.utf8).withUnsafeBufferPointer { keys.wait(of: $0, at: now) }
  }

  private func note(_ keys: inout WrongKeys, _ address: String, at now: Int64) {
    Array(address.utf8).withUnsafeBufferPointer { keys.note($0, at: now) }
  }

  /// Sends wrong keys until the client has to wait, 1000 at most; returns how many were sent.
  private func sent(_ keys: inout WrongKeys, _ address: String, at now: Int64) -> Int {
    for count in 0..<1000 {
      if wait(&keys, of: address, at: now) != nil { return count }
      note(&keys, address, at: now)
    }
    return 1000
  }

  func testAClientMaySendItsNumberAtOnceAndThenOneForEachPartOfAMinute() {
    var keys = WrongKeys(limit: 6)
    XCTAssertEqual(sent(&keys, "192.0.2.1", at: 5), 6)
    XCTAssertEqual(wait(&keys, of: "192.0.2.1", at: 5), 10)
    XCTAssertEqual(wait(&keys, of: "192.0.2.1", at: 9_006), 1)
    XCTAssertEqual(sent(&keys, "192.0.2.1", at: 10_005), 1)
    XCTAssertEqual(sent(&keys, "192.0.2.1", at: 70_005), 6, "never more than its number")
    XCTAssertEqual(sent(&keys, "192.0.2.2", at: 70_005), 6, "others have their own")
  }

  func testAClientIsAnIPv4AddressOrAnIPv6NetworkOf64Bits() {
    for (one, other) in [
      ("192.0.2.1", "::ffff:192.0.2.1"), ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
      ("", "no address"),
    ] {
      var keys = WrongKeys(limit: 3)
      XCTAssertEqual(sent(&keys, one, at: 0), 3)
      XCTAssertEqual(sent(&keys, other, at: 0), 0, other)
    }
    for (one, other) in [
      ("192.0.2.1", "192.0.2.2"), ("2001:db8:1:2::1", "2001:db8:1:3::1"),
      ("192.0.2.1", "::ffff:192.0.2.2"), ("0.0.0.1", "0:0:0:1::"),
    ] {
      var keys = WrongKeys(limit: 3)
      XCTAssertEqual(sent(&keys, one, at: 0), 3)
      XCTAssertEqual(sent(&keys, other, at: 0), 3, other)
    }
  }

  func testWhenItsRoomIsTakenAllFurtherClientsAreOne() {
    var keys = WrongKeys(limit: 3, clients: 10)
    for number in 0..<10 { note(&keys, "192.0.2.\(number)", at: 0) }
    XCTAssertEqual(sent(&keys, "198.51.100.1", at: 0), 3)
    XCTAssertEqual(sent(&keys, "198.51.100.2", at: 0), 0)
    XCTAssertEqual(sent(&keys, "192.0.2.5", at: 0), 2, "those it knows are told apart still")
    // The first ten have their whole number again.
    XCTAssertEqual(sent(&keys, "198.51.100.2", at: 60_000), 3)
    XCTAssertEqual(sent(&keys, "198.51.100.3", at: 60_000), 3)
  }

  func testALimitOfNoneCountsNobody() {
    var keys = WrongKeys(limit: 0)
    XCTAssertEqual(sent(&keys, "192.0.2.1", at: 0), 1000)
  }
}
