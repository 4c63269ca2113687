import Clicks
import TestSupport
import XCTest

final class RelayLedgerTests: XCTestCase {
  private let first = JournalID(rawValue: 1)
  private let second = JournalID(rawValue: 2)

  private func range(_ journal: JournalID, _ from: Int, _ to: Int) throws -> JournalRange {
    try XCTUnwrap(JournalRange(journal: journal, from: from, to: to))
  }

  func testTheWindowOpensWithTheConfirms() throws {
    var ledger = RelayLedger(window: 3)
    ledger.follow(first, from: 0)
    try ledger.publish(range(first, 0, 10))
    XCTAssertFalse(ledger.canPublish, "one message tries the broker out")
    XCTAssertTrue(ledger.confirm(1, multiple: false))
    for number in 1...2 { try ledger.publish(range(first, number * 10, number * 10 + 10)) }
    XCTAssertFalse(ledger.canPublish)
    XCTAssertTrue(ledger.confirm(3, multiple: true))
    XCTAssertEqual(ledger.safeEnd(of: first), 30)
    for number in 3...5 { try ledger.publish(range(first, number * 10, number * 10 + 10)) }
    XCTAssertFalse(ledger.canPublish, "never more than the window")
  }

  func testProgressWaitsForTheMessageThatIsMissing() throws {
    var ledger = RelayLedger(window: 8)
    ledger.follow(first, from: 100)
    ledger.follow(second, from: 0)
    try ledger.publish(range(first, 100, 110))
    XCTAssertTrue(ledger.confirm(1, multiple: false))
    try ledger.publish(range(first, 110, 120))
    try ledger.publish(range(second, 0, 5))
    XCTAssertFalse(ledger.confirm(3, multiple: false))
    XCTAssertEqual(ledger.safeEnd(of: second), 0)
    XCTAssertTrue(ledger.confirm(2, multiple: false))
    XCTAssertEqual(ledger.safeEnd(of: first), 120)
    XCTAssertEqual(ledger.safeEnd(of: second), 5)
  }

  func testConfirmsOfUnknownMessagesChangeNothing() throws {
    var ledger = RelayLedger(window: 8)
    ledger.follow(first, from: 0)
    XCTAssertFalse(ledger.confirm(1, multiple: true))
    try ledger.publish(range(first, 0, 10))
    XCTAssertFalse(ledger.confirm(2, multiple: true))
    XCTAssertFalse(ledger.confirm(.max, multiple: false))
    XCTAssertTrue(ledger.confirm(1, multiple: false))
    XCTAssertFalse(ledger.confirm(1, multiple: false))
    XCTAssertEqual(ledger.safeEnd(of: first), 10)
  }

  func testALostConfirmIsFollowedByTheSameBytesAgain() throws {
    var ledger = RelayLedger(window: 8)
    ledger.follow(first, from: 0)
    try ledger.publish(range(first, 0, 10))
    XCTAssertTrue(ledger.confirm(1, multiple: false))
    try ledger.publish(range(first, 10, 20))
    ledger.isBlocked = true
    XCTAssertFalse(ledger.canPublish)
    ledger.goBack()
    XCTAssertTrue(ledger.canPublish)
    XCTAssertEqual(ledger.nextByte(of: first), 10)
    try ledger.publish(range(first, 10, 30))
    XCTAssertTrue(ledger.confirm(1, multiple: false), "numbers begin anew on a new channel")
    XCTAssertEqual(ledger.safeEnds, [first: 30])
    ledger.forget(first)
    XCTAssertEqual(ledger.safeEnds, [:])
  }
}
