import ClickHouse
import Clicks
import EngineSupport
import TestSupport
import XCTest

@testable import Pipeline

/// The first takeover after clicks were kept by short code, on the server under test and on a current
/// one alike.
final class SeamTests: SeamTestCase {
  func testTheLastBatchOfBeforeIsFinishedAndNothingOfBeforeChangesAfterwards() throws {
    try Workbench.onBothServers(migratedTo: 3) { bench in
      let (_, last) = try arrive(bench)
      let sink = try sink(bench)
      XCTAssertEqual(
        try sink.takeOver(), ClickSink.Takeover(hasFinished: true, hasCrossedSeam: true))
      try checkBefore(bench, 20, last, "at the seam")
      XCTAssertEqual(try bench.views(), 5, "none leads to what will be dropped")
      try store(sink)
      XCTAssertEqual(try sink.takeOver(), ClickSink.Takeover())
      try store(sink)
      XCTAssertEqual(try bench.totals(), [20, 20, 20, 20])
      XCTAssertEqual(try bench.number("SELECT min(batch) FROM visits"), last + 1)
      try checkBefore(bench, 20, last, "afterwards")
      let ends = try sink.storedEnds(of: [JournalID(rawValue: 1), journal])
      XCTAssertEqual(ends, [JournalID(rawValue: 1): 2_000_010, journal: 10])
    }
  }

  func testALateConsumerCanNotNoteALaterLastBatch() throws {
    try Workbench.onBothServers(migratedTo: 3) { bench in
      let (_, last) = try arrive(bench)
      let zombie = ClickFence(
        try Client(bench.client.address, timeout: 20_000), views: GateView.atSeam)
      try zombie.takeOver()
      let next = try sink(bench)
      try next.takeOver()
      for _ in 0..<2 {
        XCTAssertThrowsError(
          try zombie.store { gate in
            try bench.client.execute(
              """
              INSERT INTO \(identifier: gate.name) (batch, targets) \
              SELECT toUInt64(99), toUInt32(256)
              """)
          }
        ) { XCTAssertTrue($0 is ClickFence.Fenced, "\($0)") }
      }
      try store(next)
      try checkBefore(bench, 20, last, "")
    }
  }

  func testAnOlderConsumerThatComesBackIsRefusedAndDoublesNothing() throws {
    try Workbench.onBothServers(migratedTo: 3) { bench in
      let (old, last) = try arrive(bench)
      func refused(_ old: OldConsumer) {
        for targets in [15, 1, 8] {
          XCTAssertThrowsError(try old.insertCounts(batch: last, targets: targets))
        }
        XCTAssertThrowsError(try old.insertClicks(batch: last + 1))
      }
      refused(old)
      // Before the seam is crossed, and afterwards.
      for round in 0..<2 {
        comeBack(bench, after: last)
        let sink = try sink(bench)
        try sink.takeOver()
        try store(sink)
        refused(old)
        comeBack(bench, after: last)
        XCTAssertThrowsError(try store(sink)) { XCTAssertTrue($0 is ClickFence.Fenced, "\($0)") }
        let clicks = 10 * (round + 1)
        XCTAssertEqual(try bench.totals(), [clicks, clicks, clicks, clicks])
        try checkBefore(bench, 20, last, "round \(round)")
      }
    }
  }

  func testWithoutTheMigrationAConsumerLeavesAnOlderOneAlone() throws {
    try Workbench.onBothServers(migratedTo: 3) { bench in
      let old = try OldConsumer(bench.client)
      let sink = try sink(bench)
      XCTAssertThrowsError(try sink.takeOver()) {
        XCTAssertTrue(ClickHouseError.Code.unknownTable ~= $0, "\($0)")
      }
      try old.store(batch: 1)
      XCTAssertEqual(try bench.totalsBefore(), [10, 10, 10, 10])
      try bench.migrate(above: 3)
      try sink.takeOver()
      try checkBefore(bench, 10, 1, "")
    }
  }

  func testBatchesOfMarksAloneAreCountedAmongTheLast() throws {
    try Workbench.onBothServers(migratedTo: 3) { bench in
      let old = try OldConsumer(bench.client)
      try old.store(batch: 1)
      try old.insertCounts(batch: 5, rows: 0)
      try bench.migrate(above: 3)
      let sink = try sink(bench)
      XCTAssertEqual(try sink.takeOver(), ClickSink.Takeover(hasCrossedSeam: true))
      try checkBefore(bench, 10, 5, "")
      try store(sink)
      let (marks, _) = try sink.nextBatch(at: noon)
      try sink.insertCounts(ClickColumns(), ends: [journal: 99], batch: marks, targets: .all)
      XCTAssertEqual(try sink.takeOver(), ClickSink.Takeover())
      XCTAssertEqual(try sink.nextBatch(at: noon).batch, marks + 1)
      XCTAssertEqual(try sink.storedEnds(of: [journal]), [journal: 99])
      XCTAssertEqual(try bench.totals(), [10, 10, 10, 10])
    }
  }

  func testAnEmptyDatabaseHasNothingOfBefore() throws {
    try Workbench.onBothServers { bench in
      let sink = try sink(bench)
      XCTAssertEqual(try sink.takeOver(), ClickSink.Takeover(hasCrossedSeam: true))
      try checkBefore(bench, 0, 0, "")
      try store(sink)
      XCTAssertEqual(try bench.number("SELECT min(batch) FROM visits"), 1)
    }
  }

  /// The copy of old clicks keeps their batches' numbers; their counts are elsewhere.
  func testCopiedClicksAreNeverCountedAnew() throws {
    try Workbench.onBothServers(migratedTo: 3) { bench in
      let (_, last) = try arrive(bench)
      try sink(bench).takeOver()
      let copy = ClickFence(
        bench.client, prefix: "carry_gate_", queryPrefix: "swiftlet-carry", views: [.visits])
      try copy.takeOver()
      try copy.store { gate in
        try bench.client.execute(
          """
          INSERT INTO \(identifier: gate.name) (link, timestamp, code, weight, ip_address, batch, \
          ingest_day, targets) SELECT toUInt64(4194304), timestamp, short_code, toUInt32(1), \
          ip_address, batch, ingest_day, toUInt32(16) FROM clicks_before
          """)
      }
      let next = try sink(bench)
      XCTAssertEqual(try next.takeOver(), ClickSink.Takeover())
      XCTAssertEqual(try bench.totals(), [20, 0, 0, 0])
      // The last batch, whose counts are lost with its consumer, is the only one to be finished.
      let (batch, day) = try next.nextBatch(at: noon)
      XCTAssertEqual(Int(batch), last + 1)
      try next.insertClicks(rows(10), batch: batch, day: day)
      XCTAssertEqual(try sink(bench).takeOver(), ClickSink.Takeover(hasFinished: true))
      XCTAssertEqual(try bench.totals(), [30, 10, 10, 10])
      XCTAssertEqual(try copy.settle(), copy.gate, "the other kind's gate is left alone")
      try checkBefore(bench, 20, last, "")
    }
  }

  /// So a second record of a request isn't counted, whichever table has the first one.
  func testRetriedClicksOfBeforeAreFoundThereAndWhereTheyAreCopied() throws {
    try Workbench.onBothServers(migratedTo: 3) { bench in
      let (_, last) = try arrive(bench)
      let sink = try sink(bench)
      try sink.takeOver()
      let rows = try bench.client.select(
        "SELECT lower(hex(event_id)), toUnixTimestamp(timestamp), retried FROM clicks_before")
      XCTAssertEqual(rows.count, 20)
      let clicks = try rows.map { row in
        RetriedClick(
          click: Click(
            eventID: try XCTUnwrap(EventID(hex: row[0].utf8)), shortCode: "a",
            milliseconds: try XCTUnwrap(Int64(row[1])) * 1000),
          place: .line(endingAt: 1, of: journal))
      }
      let events = Set(clicks.map(\.click.eventID))
      let retried = Set(
        rows.filter { $0[2] == "1" }.compactMap { EventID(hex: $0[0].utf8) })
      XCTAssertEqual(retried.count, 4)
      let other = RetriedClick(
        click: Click(eventID: .random(), shortCode: "a", milliseconds: noon),
        place: .line(endingAt: 1, of: journal))
      func check() throws {
        XCTAssertEqual(try sink.storedEvents(of: clicks + [other]), events)
        XCTAssertEqual(Set(try sink.recentRetried(limit: 100)), retried)
        XCTAssertEqual(try sink.recentRetried(limit: 2).count, 2)
      }
      try check()
      try sink.insert(
        "link, timestamp, code, event_id, retried, batch, ingest_day, targets",
        """
        SELECT \(ClickSQL.scope(of: "short_code")), timestamp, short_code, event_id, retried, \
        batch, ingest_day, toUInt32(16) FROM clicks_before
        """, batch: UInt64(last))
      try check()
      try bench.client.execute("DROP TABLE clicks_before")
      try check()
    }
  }
}
