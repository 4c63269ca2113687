import Foundation
import TestSupport
import XCTest

/// What workers count, as processes that are killed and started again.
final class MetricsProcessTests: XCTestCase {
  private var folder = URL(fileURLWithPath: "/")
  private var path: String { folder.appendingPathComponent("pool.sock").path }

  override func setUpWithError() throws {
    folder = URL(fileURLWithPath: "/tmp/swiftlet-pool-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws {
    try FileManager.default.removeItem(at: folder)
  }

  private func startWorker(_ listener: Socket, _ state: String? = nil) throws -> ChildProcess {
    try ChildProcess(
      TestStack.programs.appendingPathComponent("api").path,
      environment: [
        "JOURNAL_DIR": folder.path + "/journal", "STATE_DIR": state ?? folder.path + "/state",
        "SWIFTLET_ENV": "/dev/null",
        "LOG_LEVEL": "warning",
        "PG_DSN": "postgresql:///none?host=\(folder.path)",
        "REDIS_URL": "unix://\(folder.path)/none.sock",
      ], input: listener.descriptor, output: folder.path + "/log")
  }

  private func ask(_ target: String) throws -> String { try Self.ask(path, target) }

  private static func ask(_ path: String, _ target: String) throws -> String {
    try FastCGIClient.request(
      socket: path,
      parameters: [
        ("REQUEST_METHOD", "GET"), ("REQUEST_URI", target), ("REMOTE_ADDR", "192.0.2.1"),
        ("REQUEST_ID", String(repeating: "0", count: 32)),
      ])
  }

  private func scrape() throws -> Scrape {
    let answer = try ask("/metrics")
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
    let listener = try Socket(listeningAt: path)
    var counted = 0.0
    for round in 1...5 {
      let worker = try startWorker(listener)
      for _ in 0..<20 { XCTAssertTrue(try ask("/no/such/path").hasPrefix("Status: 404")) }
      counted += 20
      let scrape = try scrape()
      XCTAssertEqual(unrouted(scrape), counted)
      XCTAssertEqual(
        scrape.sum("swiftlet_process_starts_total", "program=api"), Double(round))
      XCTAssertEqual(scrape.sum("swiftlet_processes", "program=api"), 1)
      worker.signal(SIGKILL)
      XCTAssertEqual(worker.wait(seconds: 20), 128 + SIGKILL)
    }
    let slots = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/state/metrics")
    XCTAssertEqual(slots, ["api-0"])
  }

  func testWorkersThatStartTogetherHaveASlotEachAndTheirSumIsExact() throws {
    let listener = try Socket(listeningAt: path)
    for round in 1...2 {
      let workers = try (0..<16).map { _ in try startWorker(listener) }
      XCTAssertTrue(
        try eventually(seconds: 60) {
          try scrape().sum("swiftlet_processes", "program=api") == 16
        })
      let before = try XCTUnwrap(unrouted(scrape()))
      // All of them at work at the same time.
      DispatchQueue.concurrentPerform(iterations: 400) { [path] _ in
        _ = try? Self.ask(path, "/no/such/path")
      }
      XCTAssertEqual(unrouted(try scrape()), before + 400)
      XCTAssertEqual(
        try scrape().sum("swiftlet_process_starts_total", "program=api"), Double(16 * round))
      for worker in workers { worker.signal(SIGKILL) }
      for worker in workers { XCTAssertEqual(worker.wait(seconds: 20), 128 + SIGKILL) }
    }
    let slots = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/state/metrics")
    XCTAssertEqual(slots.count, 16)
  }

  func testAWorkerServesThatCannotShareWhatItCountsAndSaysSoOnce() throws {
    let listener = try Socket(listeningAt: path)
    let other = folder.path + "/other"
    try Data().write(to: URL(fileURLWithPath: other))
    let worker = try startWorker(listener, other)
    for _ in 0..<10 { XCTAssertTrue(try ask("/no/such/path").hasPrefix("Status: 404")) }
    let log = try String(contentsOfFile: folder.path + "/log", encoding: .utf8)
    XCTAssertEqual(log.components(separatedBy: "what is counted can't be shared").count, 2, log)
    worker.signal(SIGTERM)
    XCTAssertEqual(worker.wait(seconds: 20), 0)
  }
}
