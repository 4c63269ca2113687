import XCTest

@testable import Delivery

/// When the channel is pinged, and what a pong vouches for.
final class PulseTests: XCTestCase {
  private func moment(_ milliseconds: Int64) -> Pulse.Moment {
    Pulse.Moment(boot: milliseconds, monotonic: milliseconds - 7)
  }

  func testThereIsOnePingAtATimeAndNoneSoonerThanTheInterval() {
    var pulse = Pulse()
    XCTAssertEqual(pulse.step(at: moment(50)), .ping)
    pulse.ping(at: moment(50))
    XCTAssertEqual(pulse.step(at: moment(51)), .listen(100))
    XCTAssertEqual(pulse.step(at: moment(400)), .listen(100))
    XCTAssertEqual(pulse.pong(), moment(50))
    XCTAssertEqual(pulse.step(at: moment(400)), .ping)
    pulse.ping(at: moment(400))
    XCTAssertEqual(pulse.pong(), moment(400))
    XCTAssertEqual(pulse.step(at: moment(430)), .listen(70))
    XCTAssertEqual(pulse.step(at: moment(500)), .ping)
  }

  func testAPongVouchesForTheMomentBeforeItsPingAndAnUnaskedOneForNone() {
    var pulse = Pulse()
    XCTAssertNil(pulse.pong())
    pulse.ping(at: moment(1000))
    XCTAssertEqual(pulse.pong(), moment(1000))
    XCTAssertNil(pulse.pong())
  }

  func testAConnectionThatOwesAPongForTwoSecondsIsGivenUp() {
    var pulse = Pulse()
    pulse.ping(at: moment(1000))
    XCTAssertEqual(pulse.step(at: moment(2950)), .listen(50))
    XCTAssertEqual(pulse.step(at: moment(3000)), .giveUp)
    // The machine has slept meanwhile.
    XCTAssertEqual(pulse.step(at: moment(90_000_000)), .giveUp)
  }
}
