import XCTest

@testable import Pipeline

final class PrefetchTests: XCTestCase {
  func testMessagesOfAnySizeAreBoundedInBytes() {
    for bytes in [1, 4096, 256 << 10, 1 << 20, 16 << 20] {
      let prefetch = Prefetch(messageBytes: bytes)
      XCTAssertLessThanOrEqual(Int(prefetch.count) * bytes, Prefetch.maximumBytes)
      XCTAssertGreaterThan(prefetch.count, 0)
    }
    XCTAssertEqual(Prefetch(messageBytes: 256 << 10).count, 448, "as many as ever by default")
  }

  func testALargerMessageThanExpectedLowersTheNumber() {
    var prefetch = Prefetch(messageBytes: 4096)
    prefetch.note(messageBytes: 100)
    XCTAssertEqual(prefetch.count, 448)
    prefetch.note(messageBytes: 16 << 20)
    XCTAssertEqual(prefetch.count, 8)
    prefetch.note(messageBytes: 1 << 40)
    XCTAssertEqual(prefetch.count, 1, "one is always taken")
  }
}
