import Clicks
import Foundation
import Ledger
import TestSupport
import Text
import XCTest

/// Which redirects nginx's logs tell of, however they were rotated.
final class RequestLogTests: XCTestCase {
  private let directory = NSTemporaryDirectory() + "request-log-\(UUID().uuidString)"
  private let start: Int64 = 1_763_841_000

  override func setUpWithError() throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  override func tearDown() { try? FileManager.default.removeItem(atPath: directory) }

  private func line(
    _ number: Int64, request: String = "GET /abc HTTP/1.1", status: Int = 301,
    upstream: String = "unix:/run/shortener.sock", upstreamStatus: String = "",
    userAgent: String = "x", prefetch: String = "", visit: String? = nil
  ) -> String {
    #"{"time":"\#(RFC3339.string(seconds: start + number))","#
      + #""request_id":"\#(EventID(high: 1, low: UInt64(number)))","client":"192.0.2.1","#
      + #""request":"\#(request)","status":\#(status),"upstream":"\#(upstream)","#
      + #""upstream_status":"\#(upstreamStatus)","#
      + #""prefetch":"\#(prefetch)","# + (visit.map { #""visit":"\#($0)","# } ?? "")
      + #""user_agent":"\#(userAgent)"}"# + "\n"
  }

  /// Writes a log that was last written when its last line was.
  private func write(_ name: String, _ text: String, writtenAt seconds: Int64) throws {
    let path = directory + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: Double(start + seconds))], ofItemAtPath: path)
  }

  private func write(_ name: String, _ numbers: ClosedRange<Int64>) throws {
    try write(name, numbers.map { line($0) }.joined(), writtenAt: numbers.upperBound)
  }

  private func gzip(_ name: String) throws {
    try Command.check("/bin/gzip", [directory + "/" + name])
  }

  /// The numbers of the redirects that are read, and what was covered.
  private func read(
    _ names: String..., since: Int64 = 0
  ) throws -> (numbers: [UInt64], coverage: LogCoverage) {
    let log = try RequestLog(names.map { directory + "/" + $0 }, since: start + since)
    var numbers: [UInt64] = []
    while let line = try log.next() {
      if case .redirect(let redirect) = line, redirect.seconds >= start + since {
        numbers.append(redirect.event.low)
      }
    }
    return (numbers, log.coverage)
  }

  private func failure(_ names: String..., since: Int64 = 0) -> RequestLogError? {
    do {
      let log = try RequestLog(names.map { directory + "/" + $0 }, since: start + since)
      while try log.next() != nil {}
      return nil
    } catch {
      return error
    }
  }

  func testThePixelOfALinkHasAClickAndThatOfAnotherNameHasNone() throws {
    let pixel = { (number: Int64, path: String, upstream: String) in
      self.line(
        number, request: "GET \(path) HTTP/1.1", status: 200, upstreamStatus: upstream)
    }
    try write(
      "access.log",
      pixel(0, "/abc/track", "200") + pixel(1, "/abc/track?x", "530 : 200")
        + pixel(3, "/abc/track", "404") + pixel(4, "/stats/track", "200")
        + pixel(5, "/rest/v3/track", "200") + pixel(6, "/abc/tracks", "200")
        + line(7, request: "HEAD /abc/track HTTP/1.1", status: 200, upstreamStatus: "200")
        + line(
          8, request: "GET /abc/track HTTP/1.1", status: 200, upstreamStatus: "200", visit: "0")
        + line(9, request: "GET /none HTTP/1.1", status: 302, upstreamStatus: "404"),
      writtenAt: 9)
    XCTAssertEqual(try read("access.log").numbers, [0, 1])
  }

  func testALogIsReadWithItsRotationsOldestFirstAsFarAsTheyAreNeeded() throws {
    for (name, numbers) in [
      ("access.log.4", 0...9 as ClosedRange<Int64>), ("access.log.3", 10...19),
      ("access.log.2", 20...29), ("access.log.1", 30...39), ("access.log", 40...49),
    ] { try write(name, numbers) }
    for name in ["access.log.4", "access.log.3", "access.log.2"] { try gzip(name) }
    // None of these is a rotation.
    try write("access.log.bak", 50...59)
    try write("access.logs.1", 50...59)
    try write("error.log.1", 50...59)
    try FileManager.default.createDirectory(
      atPath: directory + "/access.log.7", withIntermediateDirectories: true)

    let all = try read("access.log")
    XCTAssertEqual(all.numbers, Array(0...49))
    XCTAssertEqual(all.coverage.span, start...start + 49)
    XCTAssertEqual(all.coverage.lines, 50)
    XCTAssertEqual(
      all.coverage.files.map { URL(fileURLWithPath: $0.path).lastPathComponent },
      ["access.log.4.gz", "access.log.3.gz", "access.log.2.gz", "access.log.1", "access.log"])

    let some = try read("access.log", since: 25)
    XCTAssertEqual(some.numbers, Array(25...49))
    XCTAssertEqual(some.coverage.files.count, 4, "the file before tells that the log reaches back")
    XCTAssertEqual(some.coverage.files.first?.lines, 1, "and one line of it is enough")
  }

  func testRotationsByDateAreFoundAndEachFileIsReadOnce() throws {
    try write("access.log-20251120", 0...9)
    try gzip("access.log-20251120")
    try write("access.log-20251121-1763700000", 10...19)
    try write("access.log", 20...29)
    XCTAssertEqual(try read("access.log").numbers, Array(0...29))
    XCTAssertEqual(
      try read("access.log-20251121-1763700000", "access.log", "access.log").numbers,
      Array(0...29))
    // A file that is being compressed is there twice, and the compressed one isn't whole yet.
    try write("access.log.1", 20...29)
    try write("access.log.1.gz", "not whole", writtenAt: 29)
    try write("access.log", 30...39)
    XCTAssertEqual(try read("access.log").numbers, Array(0...39))
  }

  func testALogThatDoesNotReachBackHasNoRedirectsAndSaysWhereItBegins() throws {
    try write("access.log.1", 10...19)
    try write("access.log", 20...29)
    XCTAssertEqual(try read("access.log", since: 10).numbers, Array(10...29))
    let path = directory + "/access.log"
    XCTAssertEqual(failure("access.log", since: 9), .beginsLate(path: path, oldest: start + 10))
    // So does each of several logs.
    try write("other.log", 5...29)
    XCTAssertNil(failure("other.log", since: 9))
    XCTAssertEqual(
      failure("other.log", "access.log", since: 9), .beginsLate(path: path, oldest: start + 10))
  }

  func testWhatIsNoRequestLogIsAnError() throws {
    let path = directory + "/access.log"
    XCTAssertEqual(
      failure("access.log"), .unreadable(path: path, reason: "No such file or directory"))
    try write("access.log", "", writtenAt: 0)
    XCTAssertEqual(failure("access.log"), .noLines(path: path, lines: 0))
    let combined = #"192.0.2.1 - - [22/Nov/2025:19:50:00 +0000] "GET /abc HTTP/1.1" 301 0"# + "\n"
    try write("access.log", combined + combined, writtenAt: 0)
    XCTAssertEqual(failure("access.log"), .noLines(path: path, lines: 2))
    // A good log beside it is no excuse.
    try write("other.log", 0...9)
    XCTAssertEqual(failure("other.log", "access.log"), .noLines(path: path, lines: 2))
    // A rotation that is cut off.
    try write("access.log.1", (0..<9999).map { line($0) }.joined(), writtenAt: 1)
    try gzip("access.log.1")
    let archive = directory + "/access.log.1.gz"
    XCTAssertEqual(truncate(archive, 9999), 0)
    guard case .unreadable(archive, _) = failure("access.log") else {
      return XCTFail("\(String(describing: failure("access.log")))")
    }
  }

  func testTornLinesAreCountedAndManyOfThemAreDamage() throws {
    let good = (0..<50).map { line($0) }.joined()
    let torn = #"{"time":"2025-11-22T19:50:00Z","request_id":"#
    try write("access.log", good + torn + "\n" + line(50) + torn, writtenAt: 50)
    let read = try read("access.log")
    XCTAssertEqual(read.numbers, Array(0...50))
    XCTAssertEqual(read.coverage.lines, 52, "the last one is still being written")
    XCTAssertEqual(read.coverage.unreadable, 1)
    XCTAssertFalse(read.coverage.isDamaged)
    try write(
      "access.log", good + String(repeating: "garbage\n", count: 11), writtenAt: 50)
    XCTAssertTrue(try self.read("access.log").coverage.isDamaged)
  }

  func testOnlyRedirectsOfLinksThatCountAreTaken() throws {
    let lines: [(line: String, isTaken: Bool)] = [
      (line(0), true), (line(1, upstream: ""), true),
      (line(2, request: "GET /abc?utm=1 HTTP/2.0", upstream: ""), true),
      (line(3, request: "GET http://sho.rt/abc HTTP/1.1", upstream: ""), true),
      (line(4, request: "GET /abc). HTTP/1.1"), true),
      (line(5, request: "HEAD /abc HTTP/1.1"), false), (line(6, status: 404), false),
      (line(7, request: "POST /abc HTTP/1.1"), false),
      // nginx's own redirects, to a location that ends in a slash.
      (line(8, request: "GET /stats HTTP/1.1", upstream: ""), false),
      (line(9, request: "GET /docs/assets HTTP/1.1", upstream: ""), false),
      // What clients send: the request line of a TLS handshake, bytes that are no UTF-8.
      (line(10, request: #"\u0016\u0003\u0001\u0000\\u0000"#, status: 400, upstream: ""), false),
      (line(11, userAgent: #"a\u0000\\"#), true), (line(12, prefetch: "1"), false),
      // How the visit was counted, as nginx's policies have it.
      (line(13, prefetch: "1", visit: ""), false), (line(14, prefetch: "1", visit: "0"), false),
      (line(15, prefetch: "1", visit: "1"), true), (line(16, visit: ""), true),
      (line(17, visit: "0"), false), (line(18, visit: "2"), true),
    ]
    let latin = Data(line(19, userAgent: "caf?").utf8.map { $0 == 0x3F ? 0xE9 : $0 })
    let text = Data(lines.map(\.line).joined().utf8) + latin
    try text.write(to: URL(fileURLWithPath: directory + "/access.log"))
    let read = try read("access.log")
    XCTAssertEqual(
      read.numbers, lines.indices.filter { lines[$0].isTaken }.map(UInt64.init) + [19])
    XCTAssertEqual(read.coverage.unreadable, 0)
  }
}
