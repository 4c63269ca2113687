import Foundation
import TestSupport
import XCTest

/// What workers count, as processes that are killed and started again.
final class MetricsProcessTests: XCTestCase {
  private func pool() throws -> WorkerPool {
    try WorkerPool("api", ["LOG_LEVEL": "warning"])
  }

  private func scrape(_ pool: WorkerPool) throws -> Scrape {
    let answer = try pool.ask("/metrics")
    let gap = try XCTUnwrap(answer.range(of: "\r\n\r\n"))
    XCTAssertTrue(
      answer.contains(
        "\r\nContent-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"), answer)
    return try Scrape(String(answer[gap.upperBound...]))
  }

  private func unrouted(_ scrape: Scrape) -> Double? {
    scrape.sum("swiftlet_requests_total", "program=api", "endpoint=none", "status=4xx")
  }

  func testCountersGoOnAfterAKill() throws {
    let pool = try pool()
    var counted = 0.0
    for round in 1...5 {
      let worker = try pool.start()
      for _ in 0..<20 { XCTAssertTrue(try pool.ask().hasPrefix("Status: 404")) }
      counted += 20
      let scrape = try scrape(pool)
      XCTAssertEqual(unrouted(scrape), counted)
      XCTAssertEqual(
        scrape.sum("swiftlet_process_starts_total", "program=api"), Double(round))
      XCTAssertEqual(scrape.sum("swiftlet_processes", "program=api"), 1)
      worker.signal(SIGKILL)
      XCTAssertEqual(worker.wait(seconds: 20), 128 + SIGKILL)
    }
    let slots = try FileManager.default.contentsOfDirectory(atPath: pool.directory("state/metrics"))
    XCTAssertEqual(slots, ["api-0"])
  }

  func testWorkersThatStartTogetherHaveASlotEachAndTheirSumIsExact() throws {
    let pool = try pool()
    for round in 1...2 {
      let workers = try pool.start(together: 16)
      XCTAssertTrue(
        try eventually(seconds: 60) {
          try scrape(pool).sum("swiftlet_processes", "program=api") == 16
        })
      let before = try XCTUnwrap(unrouted(scrape(pool)))
      // All of them at work at the same time.
      DispatchQueue.concurrentPerform(iterations: 400) { [socket = pool.socket] _ in
        _ = try? FastCGIClient.request(socket: socket, parameters: WorkerPool.parameters())
      }
      XCTAssertEqual(unrouted(try scrape(pool)), before + 400)
      XCTAssertEqual(
        try scrape(pool).sum("swiftlet_process_starts_total", "program=api"), Double(16 * round))
      for worker in workers { worker.signal(SIGKILL) }
      for worker in workers { XCTAssertEqual(worker.wait(seconds: 20), 128 + SIGKILL) }
    }
    let slots = try FileManager.default.contentsOfDirectory(atPath: pool.directory("state/metrics"))
    XCTAssertEqual(slots.count, 16)
  }

  func testAWorkerServesThatCannotShareWhatItCountsAndSaysSoOnce() throws {
    let pool = try pool()
    let (other, log) = (pool.directory("other"), pool.directory("log"))
    try Data().write(to: URL(fileURLWithPath: other))
    let worker = try pool.start(["STATE_DIR": other], output: log)
    for _ in 0..<10 { XCTAssertTrue(try pool.ask().hasPrefix("Status: 404")) }
    let text = try String(contentsOfFile: log, encoding: .utf8)
    XCTAssertEqual(text.components(separatedBy: "what is counted can't be shared").count, 2, text)
    worker.signal(SIGTERM)
    XCTAssertEqual(worker.wait(seconds: 20), 0)
  }
}
