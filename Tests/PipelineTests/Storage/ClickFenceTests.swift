import ClickHouse
import Clicks
import EngineSupport
import TestSupport
import XCTest

@testable import Pipeline

/// One consumer at a time stores, on the server under test and on a current one alike.
final class ClickFenceTests: XCTestCase {
  private let journal = JournalID(rawValue: 1)
  private let noon: Int64 = 1_763_841_000_000

  private func sink(_ bench: Workbench) throws -> ClickSink {
    ClickSink(
      try Client(bench.client.address, timeout: bench.client.timeout), insertTimeout: 20_000)
  }

  private func rows(_ count: Int) -> ClickColumns {
    var rows = ClickColumns()
    for number in 1...count {
      rows.append(
        .sample(number, at: noon, referrer: "https://r.example/"),
        at: .line(endingAt: number, of: journal))
    }
    return rows
  }

  private func store(_ count: Int, _ sink: ClickSink) throws {
    let (batch, day) = try sink.nextBatch(at: noon)
    try sink.insertClicks(rows(count), batch: batch, day: day)
    try sink.insertCounts(
      rows(count), ends: [journal: count], batch: batch, targets: .all)
  }

  func testWhatAConsumerInsertsAfterAnotherTookOverIsRefused() throws {
    try Workbench.onBothServers { bench in
      let zombie = try sink(bench)
      try zombie.takeOver()
      try store(10, zombie)
      // It has looked, and stored the clicks, and then is stopped.
      let (batch, day) = try zombie.nextBatch(at: noon)
      try zombie.insertClicks(rows(5), batch: batch, day: day)
      let next = try sink(bench)
      XCTAssertTrue(try next.takeOver().hasFinished, "the counts lacked the last batch")
      XCTAssertEqual(try bench.totals(), [15, 15, 15, 15])
      XCTAssertThrowsError(
        try zombie.insertCounts(
          rows(5), ends: [journal: 5], batch: batch, targets: .all)
      ) { XCTAssertTrue($0 is ClickFence.Fenced, "\($0)") }
      XCTAssertThrowsError(try store(5, zombie)) {
        XCTAssertTrue($0 is ClickFence.Fenced, "\($0)")
      }
      try store(20, next)
      XCTAssertEqual(try bench.totals(), [35, 35, 35, 35])
    }
  }

  func testTheOneFencedOffCanNotSettleADoubtEither() throws {
    try Workbench.onBothServers { bench in
      let zombie = ClickFence(try Client(bench.client.address, timeout: 20_000))
      try zombie.takeOver()
      let next = try bench.openGate()
      zombie.doubt()
      XCTAssertThrowsError(try zombie.settle()) {
        XCTAssertTrue($0 is ClickFence.Fenced, "\($0)")
      }
      XCTAssertEqual(try bench.gates(), [next])
    }
  }

  func testAfterADoubtTheOldGateIsGone() throws {
    try Workbench.onBothServers { bench in
      let fence = ClickFence(bench.client)
      try fence.takeOver()
      let first = try fence.settle()
      XCTAssertEqual(try fence.settle(), first)
      fence.doubt()
      let second = try fence.settle()
      XCTAssertEqual(second.number, first.number + 1)
      XCTAssertEqual(try bench.gates(), [second.name])
      XCTAssertEqual(try bench.views(), 5)
    }
  }

  func testATakeoverCanBeBrokenOffAfterEachStatement() throws {
    try Workbench.onBothServers { bench in
      var stored = 0
      for done in 0...12 {
        let zombie = try sink(bench)
        try zombie.takeOver()
        let (batch, day) = try zombie.nextBatch(at: noon)
        try zombie.insertClicks(rows(10), batch: batch, day: day)
        stored += 10

        let old = try XCTUnwrap(bench.gates().compactMap { ClickGate(named: $0) }.first)
        let dead = ClickGate(number: old.number + 1)
        let oldViews = GateView.ofConsumer.map { $0.name(of: old) }
        let statements =
          [dead.creation] + ([old.name] + oldViews).map { "DROP TABLE IF EXISTS \(identifier: $0)" }
          + GateView.ofConsumer.map { $0.creation(of: dead) }
        for statement in statements.prefix(done) { try bench.client.execute(statement) }

        let next = try sink(bench)
        try next.takeOver()
        XCTAssertEqual(try bench.totals(), [stored, stored, stored, stored], "after \(done)")
        XCTAssertEqual(try bench.gates().count, 1)
        XCTAssertEqual(try bench.views(), 5)
        XCTAssertThrowsError(try store(5, zombie)) {
          XCTAssertTrue($0 is ClickFence.Fenced, "\($0)")
        }
        try store(5, next)
        stored += 5
        XCTAssertEqual(try bench.totals(), [stored, stored, stored, stored], "after \(done)")
      }
    }
  }

  /// The second one takes over while the first waits for the answer of one of its statements.
  func testWhereverTwoTakersMeetOneAtMostStores() throws {
    try Workbench.onBothServers { bench in
      var stored = 0
      var winners: Set<String> = []
      for point in 1...24 {
        let first = try sink(bench)
        let second = try sink(bench)
        var waits = 0
        first.client.watch = Client.Watch(
          descriptor: { -1 },
          attend: {
            waits += 1
            if waits == point { _ = try? second.takeOver() }
          })
        _ = try? first.takeOver()
        first.client.watch = nil
        if waits < point { try second.takeOver() }
        var able: [String] = []
        for (name, sink) in [("first", first), ("second", second)] {
          do {
            try store(10, sink)
            stored += 10
            able.append(name)
          } catch is ClickFence.Fenced {}
        }
        XCTAssertLessThanOrEqual(able.count, 1, "at \(point)")
        winners.formUnion(able)
        XCTAssertEqual(try bench.totals(), [stored, stored, stored, stored], "at \(point)")
        XCTAssertLessThanOrEqual(try bench.gates().count, 3)
      }
      XCTAssertTrue(winners.contains("second"), "\(winners)")
      XCTAssertGreaterThan(stored, 0)
    }
  }

  /// Begins an insert that the server waits for the rest of, by a query id as consumers use.
  private func beginInsert(into table: String, _ bench: Workbench) throws -> Socket {
    // Beyond 1 MiB the server begins to carry it out before it has all of it.
    let values = [UInt8](repeating: UInt8(ascii: "v"), count: 4 << 20)
    let name = "swiftlet-clicks-\(bench.client.address.database)-7-7"
    let query = "INSERT%20INTO%20\(table)%20(code)%20FORMAT%20TabSeparated"
    let socket = try Socket(port: UInt16(bench.client.address.port))
    try socket.send(
      Array(
        """
        POST /?database=\(bench.client.address.database)&query_id=\(name)&query=\(query) HTTP/1.1\r
        Host: localhost\r
        Content-Length: \(values.count)\r
        \r

        """.utf8) + values.dropLast())
    XCTAssertTrue(
      try eventually(seconds: 10) {
        try bench.number("SELECT count() FROM system.processes WHERE query_id = \(name)") == 1
      })
    return socket
  }

  func testAnInsertThatIsStillBeingSentIsWaitedFor() throws {
    let bench = try Workbench()
    let gate = try bench.openGate()
    let socket = try beginInsert(into: gate, bench)
    let fence = ClickFence(try Client(bench.client.address, timeout: 500))
    for _ in 0..<3 { XCTAssertThrowsError(try fence.takeOver()) }
    XCTAssertLessThanOrEqual(
      try bench.number(
        "SELECT count() FROM system.processes WHERE query_id LIKE 'swiftlet-drop-%'"), 1,
      "one drop waits, however often it is tried")
    try socket.send([0x0A])
    XCTAssertTrue(eventually(seconds: 10) { (try? fence.takeOver()) != nil })
    XCTAssertNotEqual(try bench.gates(), [gate])
  }

  func testAGateGivenUpForOtherViewsIsNotTakenForAnotherConsumers() throws {
    let bench = try Workbench()
    let fence = ClickFence(bench.client)
    try fence.takeOver()
    let first = try fence.settle()
    try bench.client.execute("CREATE TABLE other (code String) ENGINE = MergeTree ORDER BY code")
    let socket = try beginInsert(into: "other", bench)
    fence.doubt()
    XCTAssertThrowsError(try fence.settle()) {
      XCTAssertTrue($0 is ClickFence.Busy, "\($0)")
    }
    fence.lead(to: GateView.atSeam)
    try socket.send([0x0A])
    XCTAssertTrue(try eventually(seconds: 10) { try !fence.isWriting() })
    let second = try fence.settle()
    XCTAssertEqual(second.number, first.number + 1)
    XCTAssertEqual(try bench.gates(), [second.name])
    XCTAssertEqual(try bench.views(), GateView.atSeam.count)
  }

  func testARefusalForAMissingTableIsNotHiddenByWhatComesOfAsking() throws {
    let bench = try Workbench()
    let sink = try sink(bench)
    try sink.takeOver()
    try bench.client.execute("CREATE TABLE other (code String) ENGINE = Null")
    try bench.client.execute("DROP TABLE link_days")
    // So the sink can't make sure of its gate: clicks may be stored, and the caller must ask.
    let socket = try beginInsert(into: "other", bench)
    let (batch, day) = try sink.nextBatch(at: noon)
    XCTAssertThrowsError(
      try sink.insertClicks(rows(1), batch: batch, day: day)
    ) { XCTAssertTrue(ClickHouseError.Code.unknownTable ~= $0, "\($0)") }
    XCTAssertThrowsError(try sink.settle()) {
      XCTAssertTrue($0 is ClickFence.Busy, "\($0)")
    }
    try socket.send([0x0A])
  }
}
