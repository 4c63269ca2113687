import Metrics
import XCTest

/// What the dispatcher's numbers say of changes that wait, and whose fault it is.
final class DispatchStateTests: XCTestCase {
  private let page = MeteredPage()

  private func fault(at time: Int64) throws -> String? {
    DispatchState(try page.totals(.dispatcher), at: time).fault
  }

  func testNothingIsAtFaultWhereNoDispatcherHasEverBeen() {
    XCTAssertNil(DispatchState(Totals(), at: 0).fault)
  }

  func testADispatcherThatHasGoneIsNamed() throws {
    let meter = page.take()
    meter.add(.starts)
    XCTAssertNil(try fault(at: 0))
    var totals = Totals()
    totals.add(try XCTUnwrap(page.reading(.dispatcher, isHeld: false)))
    XCTAssertEqual(
      DispatchState(totals, at: 0).fault, "changes of links: no dispatcher runs on this host")
  }

  func testChangesThatWaitForMoreThanFiveSecondsAreAFaultAndItsCauseIsNamed() throws {
    let meter = page.take()
    meter.set(.changesDue, 3)
    meter.set(.changeDue, 100_000)
    meter.set(.isDispatching, 1)
    XCTAssertNil(try fault(at: 105_000))
    let waiting = "changes of links: 3 due for up to 7 s: "
    XCTAssertEqual(try fault(at: 107_000), waiting + "the dispatcher is behind")
    meter.set(.dispatcherLacksRedis, 101_000)
    XCTAssertEqual(try fault(at: 107_000), waiting + "Redis fails")
    meter.set(.dispatcherLacksRedis, nil)
    meter.set(.isDispatching, 0)
    XCTAssertEqual(
      try fault(at: 107_000),
      waiting + "another host's dispatcher is active and announces nothing")
    meter.set(.dispatcherLacksPostgres, 101_000)
    XCTAssertEqual(
      try fault(at: 107_000), "changes of links: the dispatcher can't ask PostgreSQL for 6 s")
    meter.set(.dispatcherLacksPostgres, nil)
    meter.set(.changeDue, nil)
    meter.set(.changesDue, 0)
    XCTAssertNil(try fault(at: 107_000))
  }

  func testTheFaultIsARemarkOfTheHost() throws {
    let meter = page.take()
    meter.set(.changesDue, 1)
    meter.set(.changeDue, 0)
    let totals = try page.totals(.dispatcher)
    XCTAssertEqual(MetricsSnapshot.remarks(on: totals, at: 5000, beatAge: 0), [])
    XCTAssertEqual(MetricsSnapshot.remarks(on: totals, at: 9000, beatAge: 0).count, 1)
  }
}
