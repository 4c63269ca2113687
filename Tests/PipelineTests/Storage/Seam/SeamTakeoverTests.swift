import ClickHouse
import Clicks
import EngineSupport
import TestSupport
import XCTest

@testable import Pipeline

/// Takeovers across the seam that are broken off, and takers that meet, on the server under test and on
/// a current one.
final class SeamTakeoverTests: SeamTestCase {
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
  ///
  /// At every third point an older consumer comes back instead.
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
            guard waits == point else { return }
            if tries % 3 == 0 { return self.comeBack(bench, after: last) }
            guard (try? second.takeOver()) != nil else { return }
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
}
