import TestSupport
import XCTest

@testable import Metrics

final class OpenMetricsTests: XCTestCase {
  func testDecimalsAreExact() {
    let cases: [(UInt64, Int, String)] = [
      (0, 9, "0"), (1, 9, "0.000000001"), (1_500_000_000, 9, "1.5"), (12_000, 3, "12"),
      (1_764_037_232_120, 3, "1764037232.12"), (7, 0, "7"), (100, 0, "100"),
      (.max, 9, "18446744073.709551615"),
    ]
    for (number, places, text) in cases {
      XCTAssertEqual(OpenMetricsWriter.decimal(number, places: places), text)
    }
  }

  func testNumbersArriveAsTheyWereCounted() throws {
    let page = MeteredPage()
    let meter = page.take()
    meter.add(.redirects(.redirected), 12)
    meter.add(.redirects(.notFound), 3)
    meter.add(.requests(.stats, .clientError), 2)
    meter.observe(.redirect, 24_000)
    meter.observe(.redirect, 3_000_000_000)
    meter.observe(.batchRows, 100)
    meter.set(.messages(.clicks), 5)
    meter.set(.started, 1_764_037_232_120)
    meter.note(.batchStored, at: 1_764_037_233_001)
    let totals = try page.totals(.redirects, .retries, .analytics, .relay, .consumer)
    var journals = MetricsSnapshot.Journals()
    journals.files = 2
    journals.bytes = 3000
    journals.unconfirmedBytes = 1000
    journals.oldestUnconfirmed = 998_500
    let snapshot = MetricsSnapshot(
      time: 1_000_000, totals: totals, journals: journals, journalLimit: 4096, droppedClicks: 6,
      queues: [.clicks: "a\"b\\c\nd", .dead: "a.dead"], version: "0.1.0")

    XCTAssertTrue(snapshot.openMetrics.hasSuffix("\n# EOF\n"))
    XCTAssertTrue(
      snapshot.openMetrics.contains(#"swiftlet_queue_messages{queue="a\"b\\c\nd"} 5"# + "\n"))
    let scrape = try Scrape(snapshot.openMetrics.replacingOccurrences(of: #"\nd"#, with: "d"))
    let expected: [(String, Double)] = [
      ("swiftlet_redirects_total{outcome=redirected,program=shortener}", 12),
      ("swiftlet_redirects_total{outcome=not_found,program=spare}", 3),
      ("swiftlet_requests_total{endpoint=stats,program=analytics,status=4xx}", 2),
      ("swiftlet_redirect_duration_seconds_bucket{le=1e-05,program=shortener}", 0),
      ("swiftlet_redirect_duration_seconds_bucket{le=2.5e-05,program=shortener}", 1),
      ("swiftlet_redirect_duration_seconds_bucket{le=2.5,program=shortener}", 1),
      ("swiftlet_redirect_duration_seconds_bucket{le=+Inf,program=shortener}", 2),
      ("swiftlet_redirect_duration_seconds_count{program=shortener}", 2),
      ("swiftlet_redirect_duration_seconds_sum{program=shortener}", 3.000024),
      ("swiftlet_consumer_batch_rows_bucket{le=100.0,program=consumer}", 1),
      ("swiftlet_queue_messages{queue=a\"b\\cd}", 5),
      ("swiftlet_newest_process_start_time_seconds{program=relay}", 1_764_037_232.12),
      ("swiftlet_consumer_last_batch_timestamp_seconds{}", 1_764_037_233.001),
      ("swiftlet_processes{program=analytics}", 1), ("swiftlet_clicks_dropped_total{}", 6),
      ("swiftlet_journal_files{}", 2), ("swiftlet_journal_size_bytes{}", 3000),
      ("swiftlet_journal_unconfirmed_bytes{}", 1000), ("swiftlet_journal_limit_bytes{}", 4096),
      ("swiftlet_journal_oldest_unconfirmed_seconds{}", 1.5),
      ("swiftlet_build_info{version=0.1.0}", 1),
    ]
    for (name, value) in expected { XCTAssertEqual(scrape.samples[name], value, name) }
    for name in scrape.samples.keys { XCTAssertTrue(name.hasPrefix("swiftlet_"), name) }
  }

  /// A directory in which nobody has counted yet, and no journals that could be read.
  func testAnEmptyReadingIsAWholeText() throws {
    let snapshot = MetricsSnapshot(
      time: 0, totals: Totals(), journals: nil, journalLimit: 1, droppedClicks: 0, queues: [:],
      version: "0")
    let scrape = try Scrape(snapshot.openMetrics)
    XCTAssertEqual(scrape.sum("swiftlet_processes"), 0)
    XCTAssertEqual(scrape.types["swiftlet_processes{program=relay}"], "gauge")
    XCTAssertNil(scrape.sum("swiftlet_queue_messages"))
    XCTAssertNil(scrape.sum("swiftlet_journal_files"))
  }

  func testTheJudgementsHoldAtTheirBounds() {
    func snapshot(lag: Int64?, bytes: Int) -> MetricsSnapshot {
      var journals = MetricsSnapshot.Journals()
      journals.bytes = bytes
      journals.oldestUnconfirmed = lag.map { 1_000_000 - $0 }
      return MetricsSnapshot(
        time: 1_000_000, totals: Totals(), journals: journals, journalLimit: 1000,
        droppedClicks: 0, queues: [:], version: "0")
    }
    XCTAssertFalse(snapshot(lag: nil, bytes: 0).isRelayBehind)
    XCTAssertFalse(snapshot(lag: 60_000, bytes: 0).isRelayBehind)
    XCTAssertTrue(snapshot(lag: 60_001, bytes: 0).isRelayBehind)
    XCTAssertEqual(snapshot(lag: -5, bytes: 0).lagMilliseconds, 0, "a clock that stepped back")
    XCTAssertFalse(snapshot(lag: nil, bytes: 800).areJournalsNearlyFull)
    XCTAssertTrue(snapshot(lag: nil, bytes: 804).areJournalsNearlyFull)
  }

  func testClicksThatWaitToBeStoredForMoreThanAMinuteAreBehind() throws {
    let consumer = MeteredPage()
    let relay = MeteredPage()
    let (storing, watching) = (consumer.take(), relay.take())
    func snapshot(at time: Int64, isHeld: Bool = true) throws -> MetricsSnapshot {
      var totals = try consumer.totals(.consumer, isHeld: isHeld)
      totals.add(try XCTUnwrap(relay.reading(.relay)))
      return MetricsSnapshot(
        time: time, totals: totals, journals: nil, journalLimit: 1, droppedClicks: 0, queues: [:],
        version: "0")
    }
    XCTAssertFalse(try snapshot(at: 1_000_000).isConsumerBehind, "nobody has said anything")
    storing.set(.stored, 1_000_000)
    XCTAssertFalse(try snapshot(at: 1_060_000).isConsumerBehind)
    XCTAssertTrue(try snapshot(at: 1_060_001).isConsumerBehind)
    XCTAssertEqual(try snapshot(at: 999_000).storingLagMilliseconds, 0, "a clock that stepped back")
    XCTAssertFalse(try snapshot(at: 1_060_001, isHeld: false).isConsumerBehind, "it is gone")
    let scrape = try Scrape(snapshot(at: 1_060_001).openMetrics)
    XCTAssertEqual(scrape.sum("swiftlet_consumer_oldest_unstored_seconds"), 60.001)
    storing.set(.stored, nil)
    watching.set(.unconsumed, 2_000_000)
    XCTAssertFalse(try snapshot(at: 2_060_000).isConsumerBehind)
    XCTAssertTrue(try snapshot(at: 2_060_001).isConsumerBehind)
    watching.set(.unconsumed, nil)
    XCTAssertFalse(try snapshot(at: 9_000_000).isConsumerBehind)
  }

  func testOfAMomentTheOldestProcessCounts() throws {
    let pages = [MeteredPage(), MeteredPage(), MeteredPage()]
    pages[0].take().set(.stored, 500)
    pages[1].take().set(.stored, 400)
    _ = pages[2].take()
    var totals = Totals()
    for page in pages { totals.add(try XCTUnwrap(page.reading(.consumer))) }
    XCTAssertEqual(totals.oldest(.stored, .consumer), 400)
    XCTAssertNil(totals.oldest(.unconsumed, .consumer))
  }

  func testDeadLettersAreARemark() throws {
    let page = MeteredPage()
    let meter = page.take()
    let remarks: [(Int?, [String])] = [(nil, []), (0, []), (3, ["dead letters: 3"])]
    for (messages, remarks) in remarks {
      if let messages { meter.set(.messages(.dead), messages) }
      XCTAssertEqual(
        MetricsSnapshot.remarks(on: try page.totals(.relay), at: 0, beatAge: 0), remarks)
    }
  }

  func testAHostThatHearsNoChangesSaysSo() throws {
    for (age, isDeaf, value) in [
      (0, false, 0), (5000, false, 5), (5001, true, 5.001), (nil, true, .infinity),
    ] as [(Int64?, Bool, Double)] {
      XCTAssertEqual(MetricsSnapshot.isDeaf(beatAge: age), isDeaf)
      let remarks = MetricsSnapshot.remarks(on: Totals(), at: 0, beatAge: age)
      XCTAssertEqual(remarks.contains { $0.hasPrefix("changes of links: none heard") }, isDeaf)
      var snapshot = MetricsSnapshot(
        time: 0, totals: Totals(), journals: nil, journalLimit: 1, droppedClicks: 0, queues: [:],
        version: "0")
      snapshot.beatAgeMilliseconds = age
      let scrape = try Scrape(snapshot.openMetrics)
      XCTAssertEqual(scrape.sum("swiftlet_invalidator_beat_age_seconds"), value)
      XCTAssertEqual(scrape.sum("swiftlet_invalidator_names_total"), 0)
    }
  }
}
