import Metrics
import TestSupport
import XCTest

final class LayoutTests: XCTestCase {
  private var counters: [Counter] {
    [.starts, .clicksRecorded, .publishedMessages, .publishedBytes, .confirmedMessages]
      + [.confirmedBytes, .resentMessages, .batches, .rows, .redelivered, .republished]
      + [.deadLetters, .insertErrors] + RedirectOutcome.allCases.map { .redirects($0) }
      + LookupTier.allCases.flatMap { tier in
        LookupResult.allCases.map { .lookups(tier, $0) }
      }
      + Endpoint.allCases.flatMap { endpoint in
        StatusClass.allCases.map { .requests(endpoint, $0) }
      }
      + LeaseEvent.allCases.flatMap { event in
        LeaseStore.allCases.map { .leases(event, $0) }
      }
  }

  private var gauges: [Gauge] {
    [
      .started, .isConnected, .isBlocked, .unconfirmedMessages, .isRefused,
      .unacknowledgedMessages, .titlesWanted,
    ]
      + LeaseStore.allCases.map { .leases($0) }
      + ClickQueue.allCases.flatMap { [.messages($0), .consumers($0)] }
  }

  func testEachNameHasACellOfItsOwn() throws {
    let page = MeteredPage()
    let meter = page.take()
    var cells: [Int] = []
    for counter in counters { cells += try page.changes { meter.add(counter) } }
    for gauge in gauges { cells += try page.changes { meter.set(gauge, 1) } }
    cells += try page.changes { meter.note(.batchStored, at: 1) }
    for moment in [Moment.stored, .unconsumed] {
      cells += try page.changes { meter.set(moment, 1) }
    }
    XCTAssertEqual(cells.count, counters.count + gauges.count + 3)
    XCTAssertEqual(Set(cells).count, cells.count)
    XCTAssertFalse(cells.contains(0), "the signature's")

    for histogram in Histogram.allCases {
      let values = histogram.bounds + [(histogram.bounds.last ?? 0) + 1]
      var own: Set<Int> = []
      for value in values { own.formUnion(try page.changes { meter.observe(histogram, value) }) }
      XCTAssertEqual(own.count, values.count + 1, "a cell a bucket, and the sum's")
      XCTAssertTrue(own.isDisjoint(with: cells))
      cells += own
    }
  }

  /// A later version takes over what this one counts: a cell that has been given stays given.
  func testTheCellsOfReleasedNamesStayWhereTheyAre() throws {
    let page = MeteredPage()
    let meter = page.take()
    let places: [(Counter, Int)] = [
      (.starts, 64), (.redirects(.redirected), 72), (.redirects(.unavailable), 74),
      (.lookups(.hot, .hit), 80), (.lookups(.postgres, .error), 91),
      (.requests(.shorten, .success), 96), (.requests(.none, .serverError), 119),
      (.clicksRecorded, 224), (.publishedMessages, 225), (.resentMessages, 229), (.batches, 230),
      (.insertErrors, 235), (.leases(.grant, .redis), 240), (.leases(.loss, .postgres), 245),
      (.leases(.collision, .redis), 246),
    ]
    for (counter, cell) in places {
      XCTAssertEqual(try page.changes { meter.add(counter) }, [cell])
    }
    XCTAssertEqual(try page.changes { meter.set(.started, 1) }, [8])
    XCTAssertEqual(try page.changes { meter.set(.consumers(.dead), 1) }, [19])
    XCTAssertEqual(try page.changes { meter.set(.isRefused, 1) }, [24])
    XCTAssertEqual(try page.changes { meter.set(.unacknowledgedMessages, 1) }, [25])
    XCTAssertEqual(try page.changes { meter.set(.stored, 1) }, [26])
    XCTAssertEqual(try page.changes { meter.set(.unconsumed, 1) }, [27])
    XCTAssertEqual(try page.changes { meter.note(.batchStored, at: 1) }, [236])
    XCTAssertEqual(try page.changes { meter.observe(.redirect, 1) }, [320, 321])
    XCTAssertEqual(try page.changes { meter.observe(.batchRows, 1) }, [368, 369])
    XCTAssertEqual(Histogram.redirect.bounds.count, 17)
    XCTAssertEqual(Histogram.insert.bounds.count, 13)
    XCTAssertEqual(Histogram.batchRows.bounds.count, 12)
  }

  func testAPageOfAnotherLayoutBeginsAnewAndIsNotReadBefore() throws {
    let page = MeteredPage(of: 7)
    XCTAssertNil(page.reading())
    _ = page.take()
    XCTAssertEqual(try page.totals(.redirects).count(.redirects(.redirected), .redirects), 0)
  }
}

final class MeterTests: XCTestCase {
  func testCountersGoOnAndGaugesEndWithTheirHolder() throws {
    let page = MeteredPage()
    do {
      let meter = page.take()
      meter.add(.clicksRecorded, 40)
      meter.set(.isConnected, 1)
      meter.note(.batchStored, at: 1000)
      XCTAssertEqual(try page.totals(.redirects).gauge(.isConnected, .redirects), 1)
    }
    XCTAssertNil(try page.totals(.redirects, isHeld: false).gauge(.isConnected, .redirects))
    let next = page.take()
    next.add(.clicksRecorded, 2)
    next.note(.batchStored, at: 999)
    let totals = try page.totals(.redirects)
    XCTAssertEqual(totals.count(.clicksRecorded, .redirects), 42)
    XCTAssertNil(totals.gauge(.isConnected, .redirects))
    XCTAssertEqual(totals.latest(.batchStored, .redirects), 1000)
    next.set(.isConnected, 0)
    XCTAssertEqual(try page.totals(.redirects).gauge(.isConnected, .redirects), 0)
    next.clear(.isConnected)
    XCTAssertNil(try page.totals(.redirects).gauge(.isConnected, .redirects))
  }

  func testTotalsSumSlotsByProgram() throws {
    let pages = (0..<3).map { _ in MeteredPage() }
    var totals = Totals()
    for (number, page) in pages.enumerated() {
      let meter = page.take()
      meter.add(.rows, 10 << number)
      meter.set(.unconfirmedMessages, number + 1)
      meter.set(.started, 1000 * (3 - number))
      // The last one's holder is gone.
      totals.add(try XCTUnwrap(page.reading(.relay, isHeld: number < 2)))
    }
    totals.add(try XCTUnwrap(pages[0].reading(.consumer)))
    XCTAssertEqual(totals.count(.rows, .relay), 70)
    XCTAssertEqual(totals.count(.rows, .consumer), 10)
    XCTAssertEqual(totals.count(.rows, .retries), 0)
    XCTAssertEqual(totals.gauge(.unconfirmedMessages, .relay), 3)
    XCTAssertEqual(totals.processes(.relay), 2)
    XCTAssertEqual(totals.started(.relay), 2000...3000)
    XCTAssertNil(totals.started(.retries))
  }

  func testABucketTakesItsBoundAndNothingAbove() throws {
    for histogram in Histogram.allCases {
      XCTAssertEqual(histogram.bounds, histogram.bounds.sorted())
      XCTAssertEqual(Set(histogram.bounds).count, histogram.bounds.count)
      for (index, bound) in histogram.bounds.enumerated() {
        let page = MeteredPage()
        let meter = page.take()
        meter.observe(histogram, bound)
        meter.observe(histogram, bound + 1)
        let (buckets, sum) = try page.totals(.redirects).distribution(histogram, .redirects)
        XCTAssertTrue(buckets[..<index].allSatisfy { $0 == 0 })
        XCTAssertEqual(buckets[index], 1)
        XCTAssertEqual(buckets.last, 2)
        XCTAssertEqual(sum, UInt64(2 * bound + 1))
      }
    }
  }

  func testADistributionIsThatOfTheValues() throws {
    var random = SplitMix64(seed: 7)
    let page = MeteredPage()
    let meter = page.take()
    let values = (0..<10_000).map { _ in
      // As many small ones as large ones.
      Int.random(in: 0...1 << Int.random(in: 1...32, using: &random), using: &random)
    }
    for value in values { meter.observe(.redirect, value) }
    let (buckets, sum) = try page.totals(.redirects).distribution(.redirect, .redirects)
    XCTAssertEqual(
      buckets,
      (Histogram.redirect.bounds + [.max]).map { bound in
        UInt64(values.count { $0 <= bound })
      })
    XCTAssertEqual(sum, UInt64(values.reduce(0, +)))
  }
}
