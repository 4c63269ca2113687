import ClickHouse
import Clicks
import EngineSupport
import TestSupport
import XCTest

@testable import Pipeline

/// The first takeover after clicks were kept by short code, on the server under test and on a current
/// one alike.
final class SeamTests: XCTestCase {
  private let journal = JournalID(rawValue: 7)
  private let noon: Int64 = 1_763_841_000_000

  private func sink(_ bench: Workbench, port: UInt16? = nil) throws -> ClickSink {
    let server = bench.client.address
    let address = ServerAddress(
      host: server.host, port: port ?? server.port, user: server.user, password: server.password,
      database: server.database)
    return ClickSink(try Client(address, timeout: 20_000), insertTimeout: 20_000)
  }

  private func rows(_ count: Int) -> ClickColumns {
    var rows = ClickColumns()
    for number in 1...count {
      rows.append(.sample(number, at: noon), at: .line(endingAt: number, of: journal))
    }
    return rows
  }

  private func store(_ sink: ClickSink) throws {
    let (batch, day) = try sink.nextBatch(at: noon)
    try sink.insertClicks(rows(10), batch: batch, day: day)
    try sink.insertCounts(rows(10), ends: [journal: 10], batch: batch, targets: .all)
  }

  /// An older consumer stores a batch and the clicks of another one; then the migration is applied.
  ///
  /// Where it has been applied, it is taken back first.
  ///
  /// - Returns: The older consumer, and its last batch.
  private func arrive(_ bench: Workbench) throws -> (old: OldConsumer, last: Int) {
    let isBack = try bench.number("EXISTS TABLE clicks_before") == 1
    if isBack { try bench.client.execute("RENAME TABLE clicks_before TO clicks") }
    let old = try OldConsumer(bench.client)
    if isBack {
      for table in ["visits", "link_totals", "link_days", "link_referrers", "seam"] {
        try bench.client.execute("DROP TABLE \(identifier: table)")
      }
    }
    let last = try old.lastBatches().max() ?? 0
    try old.store(batch: last + 1)
    try old.insertClicks(batch: last + 2)
    try bench.migrate(above: 3)
    return (old, last + 2)
  }

  private func checkBefore(_ bench: Workbench, _ clicks: Int, _ last: Int, _ place: String) throws {
    XCTAssertEqual(try bench.totalsBefore(), [clicks, clicks, clicks, clicks], place)
    XCTAssertEqual(try bench.lastOfBefore(), last, place)
  }

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

  /// From one point of a takeover to the next one that is tried.
  ///
  /// A statement has two to three points: one for its connection, one for its answer. A current engine
  /// takes a second for each try, so only some are made there.
  private func stride(on bench: Workbench) throws -> Int {
    try bench.client.serverVersion() < ServerVersion(major: 20, minor: 0) ? 3 : 13
  }

  func testATakeoverAcrossTheSeamCanBeBrokenOffAfterEachStatement() throws {
    try Workbench.onBothServers(migratedTo: 3) { bench in
      let proxy = try FaultProxy(to: bench.client.address.port)
      let stride = try stride(on: bench)
      var point = 0
      var tries = 0
      var isBrokenOff = true
      while isBrokenOff {
        tries += 1
        point += stride
        let (_, last) = try arrive(bench)
        let dead = try sink(bench, port: proxy.port)
        var waits = 0
        // What it has sent is carried out and answered; it sends no more statement.
        dead.client.watch = Client.Watch(
          descriptor: { -1 },
          attend: {
            waits += 1
            if waits == point { proxy.mode = .refuse }
          })
        isBrokenOff = (try? dead.takeOver()) == nil
        dead.client.watch = nil
        proxy.mode = .pass

        let next = try sink(bench)
        try next.takeOver()
        XCTAssertEqual(try bench.gates().count, 1)
        XCTAssertEqual(try bench.views(), 5)
        XCTAssertThrowsError(try store(dead)) { XCTAssertTrue($0 is ClickFence.Fenced, "\($0)") }
        try store(next)
        XCTAssertEqual(try bench.totals(), [10, 10, 10, 10], "at \(point)")
        try checkBefore(bench, 20 * tries, last, "at \(point)")
      }
      XCTAssertGreaterThan(point, 60)
    }
  }

  /// The second one takes over and stores while the first waits for the answer of a statement.
  func testWhereverTwoTakersMeetAtTheSeamOneAtMostStoresAndItIsOne() throws {
    try Workbench.onBothServers(migratedTo: 3) { bench in
      let stride = try stride(on: bench)
      var point = 0
      var tries = 0
      var winners: Set<String> = []
      var haveMet = true
      while haveMet {
        tries += 1
        point += stride
        let (_, last) = try arrive(bench)
        let first = try sink(bench)
        let second = try sink(bench)
        var stored = 0
        func storing(_ sink: ClickSink, _ name: String) throws {
          do {
            try store(sink)
            stored += 10
            winners.insert(name)
          } catch is ClickFence.Fenced {}
        }
        var waits = 0
        first.client.watch = Client.Watch(
          descriptor: { -1 },
          attend: {
            waits += 1
            guard waits == point, (try? second.takeOver()) != nil else { return }
            do {
              try storing(second, "second amid the first's takeover")
            } catch {
              XCTFail("\(error)")
            }
          })
        _ = try? first.takeOver()
        first.client.watch = nil
        haveMet = waits >= point
        let amid = stored
        try storing(first, "first")
        try storing(second, "second")
        XCTAssertLessThanOrEqual(stored - amid, 10, "at \(point)")
        XCTAssertEqual(try bench.totals(), [stored, stored, stored, stored], "at \(point)")
        let successor = try sink(bench)
        try successor.takeOver()
        try storing(successor, "successor")
        XCTAssertEqual(try bench.totals(), [stored, stored, stored, stored], "at \(point)")
        try checkBefore(bench, 20 * tries, last, "at \(point)")
      }
      XCTAssertGreaterThan(point, 60)
      XCTAssertEqual(winners.count, 4, "\(winners)")
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
        if let back = try? OldConsumer(bench.client) { refused(back) }
        let sink = try sink(bench)
        try sink.takeOver()
        try store(sink)
        refused(old)
        if let back = try? OldConsumer(bench.client) { refused(back) }
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
}
