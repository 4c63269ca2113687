import ClickHouse
import EngineSupport
import Foundation
import Journals
import Metrics
import TestSupport
import XCTest

/// What `swiftlet doctor` says of clicks that ClickHouse doesn't get, and that its advice cures it.
final class DoctorSignalsTests: XCTestCase {
  private func totals(_ bench: Workbench) throws -> Totals {
    try MetricsReader(bench.settings(), beatAge: { 0 }).read().totals
  }

  func testClicksThatWaitThoughOnesWereStoredAreToldUntilTheConsumerStores() throws {
    let directory = try ScratchDirectory("clock")
    let clock = SteppedClock(file: directory("clock"))
    // The first batch is stored a minute and a half ago, by the consumer's clock.
    try clock.step(to: -90)
    let bench = try Workbench(["BATCH_MAX_MS": "50"].merging(clock.environment) { $1 })
    let environment = bench.environment.merging(["LD_PRELOAD": ""]) { $1 }
    let journal = try bench.journal()
    try bench.startRelay()
    try bench.startConsumer()
    journal.record(.sample(1))
    XCTAssertTrue(try bench.waits(for: 1), bench.log)
    bench.killConsumer()
    journal.record(.sample(2))
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try totals(bench).gauge(.messages(.clicks), .relay) ?? 0 > 0
      }, bench.log)
    try DoctorReport(environment: environment).assert(
      "stored clicks", "warning", "messages wait", "see the consumer's log, and ClickHouse")
    try clock.step(to: 0)
    try bench.startConsumer()
    XCTAssertTrue(try bench.waits(for: 2), bench.log)
    XCTAssertTrue(
      try eventually(seconds: 30) { try totals(bench).gauge(.messages(.clicks), .relay) == 0 },
      bench.log)
    try DoctorReport(environment: environment).assertOK("stored clicks")
  }

  func testInsertsThatFailAreCountedAndTheirClicksWaitUntilClickHouseIsBack() throws {
    let address = try XCTUnwrap(ServerAddress(url: TestStack.value("CLICKHOUSE_URL")))
    let proxy = try FaultProxy(to: address.port)
    let url = "http://\(address.user):\(address.password)@127.0.0.1:\(proxy.port)/default"
    let bench = try Workbench(clickHouse: url, ["BATCH_MAX_MS": "50"])
    let journal = try bench.journal()
    try bench.startRelay()
    try bench.startConsumer()
    journal.record(.sample(1))
    XCTAssertTrue(try bench.waits(for: 1), bench.log)
    try DoctorReport(environment: bench.environment).assert("insert errors", "ok", "none", "")
    proxy.mode = .refuse
    proxy.cut()
    journal.record(.sample(2))
    var found = try DoctorReport(environment: bench.environment)
    XCTAssertTrue(
      try eventually(seconds: 30) {
        found = try DoctorReport(environment: bench.environment)
        return found["insert errors"]?["detail"]?.contains(" so far") == true
      }, bench.log)
    try found.assert(
      "ClickHouse", "failed", "",
      "start it, or correct CLICKHOUSE_URL; clicks wait in RabbitMQ until then")
    proxy.mode = .pass
    XCTAssertTrue(try bench.waits(for: 2, seconds: 60), bench.log)
    let cured = try DoctorReport(environment: bench.environment)
    try cured.assertOK("ClickHouse")
    try cured.assertOK("insert errors")
  }
}
