import Foundation
import TestSupport
import XCTest

/// What a worker uses up while it serves, and what holds it up.
final class WorkerProcessTests: XCTestCase {
  func testALogThatNobodyReadsHoldsNoRequestUp() throws {
    let pool = try WorkerPool("shortener", ["LOG_LEVEL": "info", "SHORTENER_ROLE": "lookups"])
    let pipe = pool.directory("log")
    XCTAssertEqual(mkfifo(pipe, 0o600), 0)
    let reader = open(pipe, O_RDWR | O_NONBLOCK)
    defer { close(reader) }
    var page = [UInt8](repeating: 0x20, count: 4096)
    while write(reader, page, page.count) > 0 {}
    XCTAssertEqual(errno, EAGAIN)

    let first = pool.listener
    let worker = try pool.start(output: pipe)
    // Redis and PostgreSQL are not there, which is logged.
    for _ in 0..<3 {
      let answer = try pool.ask("/abc1234")
      XCTAssertTrue(answer.hasPrefix("Status: 503"), answer)
    }
    while read(reader, &page, page.count) > 0 {}
    // What it logs next says how many lines there would have been.
    try pool.replaceSocket()
    var text = ""
    XCTAssertTrue(
      eventually(seconds: 20) {
        let count = read(reader, &page, page.count)
        text += String(decoding: page.prefix(max(0, count)), as: UTF8.self)
        return text.contains(#""lines_dropped":""#)
      }, text)
    worker.signal(SIGTERM)
    XCTAssertEqual(worker.wait(seconds: 20), 0)
    withExtendedLifetime(first) {}
  }

  func testAWorkerKeepsItsMemoryAndItsDescriptorsOverManyRequests() throws {
    let pool = try WorkerPool()
    let worker = try pool.start()
    func descriptors() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/\(worker.pid)/fd").count
    }
    func anonymousKilobytes() throws -> Int {
      let status = try String(contentsOfFile: "/proc/\(worker.pid)/status", encoding: .utf8)
      let line = try XCTUnwrap(status.split(separator: "\n").first { $0.hasPrefix("RssAnon") })
      return try XCTUnwrap(Int(line.filter(\.isNumber)))
    }
    for _ in 0..<500 { _ = try pool.ask() }
    let before = (try descriptors(), try anonymousKilobytes())
    for _ in 0..<5000 { _ = try pool.ask() }
    // The last connection may still be closing.
    XCTAssertTrue(try eventually(seconds: 5) { try descriptors() <= before.0 })
    XCTAssertLessThan(try anonymousKilobytes(), before.1 + 512)
  }
}
