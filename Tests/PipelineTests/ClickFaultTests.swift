import AMQP
import ClickHouse
import Clicks
import EngineSupport
import Foundation
import Journals
import TestSupport
import XCTest

/// The click path while an engine can't be had, or its answers are lost.
final class ClickFaultTests: XCTestCase {
  private func clickHouse() throws -> (proxy: FaultProxy, url: String) {
    let address = try XCTUnwrap(ServerAddress(url: TestStack.value("CLICKHOUSE_URL")))
    let proxy = try FaultProxy(to: address.port)
    return (
      proxy, "http://\(address.user):\(address.password)@127.0.0.1:\(proxy.port)/default"
    )
  }

  func testAnInsertWhoseAnswerIsLostIsNotRepeated() throws {
    let (proxy, url) = try clickHouse()
    let bench = try Workbench(clickHouse: url, ["BATCH_MAX_MS": "50"])
    try bench.startRelay()
    try bench.startConsumer()
    let journal = try bench.journal()
    for number in 1...100 { journal.record(.sample(number)) }
    XCTAssertTrue(try bench.waits(for: 100), bench.log)
    proxy.mode = .loseInsertAnswers
    for number in 101...200 { journal.record(.sample(number)) }
    XCTAssertTrue(eventually(seconds: 20) { proxy.harm >= 2 }, bench.log)
    // A consumer that dies now leaves its insert's outcome to the next one.
    bench.killConsumer()
    try bench.startConsumer()
    for number in 201...300 { journal.record(.sample(number)) }
    XCTAssertTrue(eventually(seconds: 20) { proxy.harm >= 4 }, bench.log)
    proxy.mode = .pass
    XCTAssertTrue(try bench.waits(for: 300, seconds: 60), bench.log)
    XCTAssertEqual(Set(try bench.storedEvents()).count, 300)
    XCTAssertTrue(bench.log.contains("outcome is unknown"))
    XCTAssertEqual(bench.stop(), [0, 0], bench.log)
  }

  func testClicksWaitWithTheBrokerWhileClickHouseIsAway() throws {
    let (proxy, url) = try clickHouse()
    let bench = try Workbench(
      clickHouse: url, ["BATCH_MAX_MS": "50", "CLICKHOUSE_READ_TIMEOUT_MS": "1000"])
    try bench.startRelay()
    try bench.startConsumer()
    let journal = try bench.journal()
    journal.record(.sample(1))
    XCTAssertTrue(try bench.waits(for: 1), bench.log)
    for mode in [FaultProxy.Mode.refuse, .swallow] {
      proxy.mode = mode
      proxy.cut()
      for number in 0..<1000 {
        journal.record(.sample((mode.rawValue + 1) * 1000 + number))
        usleep(1000)
      }
    }
    bench.killConsumer()
    try bench.startConsumer()
    usleep(500_000)
    proxy.mode = .pass
    proxy.cut()
    XCTAssertTrue(try bench.waits(for: 2001, seconds: 60), bench.log)
    let complaints = bench.log.components(separatedBy: "messages stay with the broker").count - 1
    XCTAssertTrue((1...2).contains(complaints), "one line a change, not one a try: \(bench.log)")
  }

  func testNothingIsLostOrDoubledWhileTheBrokersConnectionsBreak() throws {
    let address = try XCTUnwrap(BrokerAddress(url: TestStack.value("RABBITMQ_URL")))
    let proxy = try FaultProxy(to: UInt16(address.port))
    let vhost = address.virtualHost == "/" ? "%2F" : address.virtualHost
    let bench = try Workbench([
      "BATCH_MAX_MS": "50", "RELAY_MESSAGE_BYTES": "12000",
      "RABBITMQ_URL":
        "amqp://\(address.user):\(address.password)@127.0.0.1:\(proxy.port)/\(vhost)",
    ])
    try bench.startRelay()
    try bench.startConsumer()
    let journal = try bench.journal()
    var written = 0
    for round in 0..<30 {
      for _ in 0..<100 {
        written += 1
        journal.record(.sample(written))
        usleep(1000)
      }
      proxy.mode = round % 10 == 9 ? .refuse : .pass
      proxy.cut()
    }
    proxy.mode = .pass
    XCTAssertTrue(try bench.waits(for: written, seconds: 60), bench.log)
    XCTAssertEqual(Set(try bench.storedEvents()).count, written)
    XCTAssertFalse(bench.log.contains("lost messages"), bench.log)
    XCTAssertEqual(bench.stop(), [0, 0], bench.log)
  }

  /// What the drills of a cut network stand on.
  func testACutProxyAnswersNoPacketAndHasLostNothingAfterwards() throws {
    let broker = try XCTUnwrap(BrokerAddress(url: TestStack.value("RABBITMQ_URL")))
    let proxy = try FaultProxy(to: UInt16(broker.port))
    defer { proxy.stop() }
    let standing = try Socket(port: proxy.port)
    standing.setTimeout(seconds: 1)
    proxy.mode = .drop
    XCTAssertTrue(eventually(seconds: 5) { proxy.harm > 0 })
    XCTAssertThrowsError(
      try AMQP.Connection(
        XCTUnwrap(BrokerAddress(url: "amqp://guest:guest@127.0.0.1:\(proxy.port)/%2F")),
        name: "swiftlet test", timeout: 500)
    ) { error in
      XCTAssertEqual((error as? AMQPError)?.operation, "connect", "\(error)")
    }
    // No protocol of the broker's: it answers with its own header and hangs up.
    try standing.send(Array("AMQP\0\0\0\0".utf8))
    XCTAssertThrowsError(try standing.receive(), "nothing passes")
    proxy.mode = .pass
    standing.setTimeout(seconds: 20)
    XCTAssertEqual(try standing.receive(), Array("AMQP".utf8) + [0, 0, 9, 1])
  }

  func testASilentBrokerDoesNotKeepTheProgramsFromStopping() throws {
    let address = try XCTUnwrap(BrokerAddress(url: TestStack.value("RABBITMQ_URL")))
    let proxy = try FaultProxy(to: UInt16(address.port))
    let vhost = address.virtualHost == "/" ? "%2F" : address.virtualHost
    let bench = try Workbench([
      "RABBITMQ_URL":
        "amqp://\(address.user):\(address.password)@127.0.0.1:\(proxy.port)/\(vhost)"
    ])
    try bench.startRelay()
    try bench.startConsumer()
    let journal = try bench.journal()
    journal.record(.sample(1))
    XCTAssertTrue(try bench.waits(for: 1), bench.log)
    proxy.mode = .swallow
    journal.record(.sample(2))
    usleep(300_000)
    let statuses = bench.stop()
    XCTAssertEqual(statuses, [0, 0], bench.log)
    proxy.mode = .pass
    proxy.cut()
    try bench.startRelay()
    try bench.startConsumer()
    XCTAssertTrue(try bench.waits(for: 2), bench.log)
  }
}
