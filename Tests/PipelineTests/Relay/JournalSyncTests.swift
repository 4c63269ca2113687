import AMQP
import Clicks
import EngineSupport
import Foundation
import Journals
import Service
import TestSupport
import XCTest

/// What the relay brings to the disk, counted at its system calls.
final class JournalSyncTests: XCTestCase {
  private func brokerThroughProxy() throws -> (proxy: FaultProxy, url: String) {
    let address = try XCTUnwrap(BrokerAddress(url: TestStack.value("RABBITMQ_URL")))
    let proxy = try FaultProxy(to: UInt16(address.port))
    let vhost = address.virtualHost == "/" ? "%2F" : address.virtualHost
    return (
      proxy, "amqp://\(address.user):\(address.password)@127.0.0.1:\(proxy.port)/\(vhost)"
    )
  }

  /// Follows a relay's calls that sync, until it is told to end; gives them a line each.
  private func tracing(
    _ bench: Workbench, _ body: (CallTrace) throws -> Void
  ) throws -> [String] {
    let trace = try CallTrace(XCTUnwrap(bench.relay?.pid), "fdatasync,fsync")
    try body(trace)
    return trace.end()
  }

  func testClicksAreSyncedWhileTheBrokerIsAwayOrSilent() throws {
    for mode in [FaultProxy.Mode.refuse, .drop] {
      let (proxy, url) = try brokerThroughProxy()
      defer { proxy.stop() }
      let bench = try Workbench(["RABBITMQ_URL": url, "JOURNAL_SYNC_MS": "100"])
      try bench.startRelay()
      try bench.journal().record(.sample(1))
      XCTAssertTrue(eventually(seconds: 10) { bench.log.contains("connected to the broker") })
      proxy.mode = mode
      if mode == .refuse { proxy.cut() }
      var written = 1
      let calls = try tracing(bench) { trace in
        // One whose name cannot have been synced before anybody looked.
        let journal = try bench.journal()
        for _ in 0..<5 {
          let before = Self.syncs(trace.calls)
          for _ in 0..<10 {
            written += 1
            journal.record(.sample(written))
          }
          XCTAssertTrue(
            eventually(seconds: 30) { Self.syncs(trace.calls) > before }, "\(mode): \(trace.calls)")
        }
      }
      XCTAssertTrue(
        calls.contains { $0.contains("fsync(") && $0.contains("<\(bench.directory)>) = 0") },
        "\(mode): the directory has a new name: \(calls)")
      proxy.mode = .pass
      try bench.startConsumer()
      XCTAssertTrue(try bench.waits(for: written, seconds: 60), bench.log)
    }
  }

  func testNothingIsSyncedThatTheBrokerConfirmsInTime() throws {
    let bench = try Workbench(["JOURNAL_SYNC_MS": "20000"])
    try bench.startRelay()
    try bench.startConsumer()
    let journal = try bench.journal()
    let calls = try tracing(bench) { _ in
      for number in 1...500 {
        journal.record(.sample(number))
        usleep(2000)
      }
      XCTAssertTrue(try bench.waits(for: 500), bench.log)
    }
    XCTAssertEqual(calls.filter { $0.contains("fdatasync(") }, [])
    XCTAssertTrue(calls.contains { $0.contains("relay-cursors.new") }, "its progress is synced")
  }

  /// As long as another relay, of which it isn't, has what to sync, and syncs it.
  func testNothingIsSyncedWhereItIsTurnedOff() throws {
    let (proxy, url) = try brokerThroughProxy()
    defer { proxy.stop() }
    proxy.mode = .refuse
    let bench = try Workbench(["RABBITMQ_URL": url, "JOURNAL_SYNC_MS": "0"])
    let other = try Workbench(["RABBITMQ_URL": url])
    try bench.startRelay()
    try other.startRelay()
    let (journal, otherJournal) = try (bench.journal(), other.journal())
    let calls = try tracing(bench) { _ in
      _ = try tracing(other) { trace in
        for number in 1...5 {
          journal.record(.sample(number))
          let before = Self.syncs(trace.calls)
          otherJournal.record(.sample(number))
          XCTAssertTrue(eventually(seconds: 30) { Self.syncs(trace.calls) > before })
        }
      }
    }
    XCTAssertEqual(calls.filter { $0.contains("fdatasync(") }, [])
  }

  private static func syncs(_ calls: [String]) -> Int {
    calls.count { $0.contains("fdatasync(") && $0.contains(".ndjson>) = 0") }
  }
}
