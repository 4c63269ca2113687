import Foundation
import TestSupport
import XCTest

final class StatsSiteTests: XCTestCase {
  /// Clicks of several addresses, browsers, referrers and days, written through a worker's journal.
  ///
  /// Every figure of the answer is known beforehand.
  func testAThousandClicksOverSeveralDaysAreCountedExactly() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/thousand")
    let days = ["2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21"]
    var byDay: [String: Int] = [:]
    var byReferrer: [String: Int] = [:]
    var addresses: Set<String> = []
    var lines = ""
    for index in 0..<1000 {
      let day = days[index % 7 % 4]
      let host = "ref\(index % 14).example"
      let referrer = index % 3 == 0 ? "" : "https://\(host)/\(index)"
      let address = index % 5 == 0 ? "2001:db8::\(index % 9)" : "203.0.113.\(index % 37)"
      byDay[day, default: 0] += 1
      if !referrer.isEmpty { byReferrer[host, default: 0] += 1 }
      let agent = index % 11 == 0 ? "Googlebot/2.1" : "UA \(index % 11)"
      if index % 11 != 0 { addresses.insert(address) }
      let id = String(format: "%032x", index + 1)
      let second = String(format: "%02d", index % 60)
      lines += #"{"event_id":"\#(id.dropLast(8))\#(UUID().uuidString.prefix(8).lowercased())","#
      lines += #""short_code":"\#(code)","timestamp":"\#(day)T23:59:\#(second).123Z","#
      lines += #""ip_address":"\#(address)","user_agent":"\#(agent)","#
      lines += #""referrer":"\#(referrer)"}"# + "\n"
    }
    try writeJournal(lines)

    let topReferrers = byReferrer.values.sorted(by: >).prefix(10)
    let stats = try site.stats(code, clicks: 1000, referred: topReferrers.reduce(0, +))
    XCTAssertEqual(try stats["short_code"].text, code)
    XCTAssertEqual(try stats["total_clicks"].number, 1000)
    XCTAssertEqual(try stats["human_clicks"].number, 1000 - 91)
    XCTAssertEqual(
      try stats["direct_clicks"].number, 1000 - byReferrer.values.reduce(0, +))
    XCTAssertEqual(try stats["unique_visitors"].number, addresses.count)
    XCTAssertEqual(try stats["last_clicked"].text, "2026-11-21T23:59:59Z")
    let clicksByDay = try stats["clicks_by_day"].elements
    XCTAssertEqual(try clicksByDay.map { try $0["date"].text }, days.reversed())
    for entry in clicksByDay {
      XCTAssertEqual(try entry["clicks"].number, byDay[try entry["date"].text])
    }
    let referrers = try stats["top_referrers"].elements
    XCTAssertEqual(try referrers.map { try $0["clicks"].number }, Array(topReferrers))
    for entry in referrers {
      XCTAssertEqual(try entry["clicks"].number, byReferrer[try entry["referrer"].text])
    }
  }

  func testEveryClickOfManyClientsIsCountedOnce() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/many")
    let failures = Failures()
    DispatchQueue.concurrentPerform(iterations: 8) { client in
      for _ in 0..<250 {
        let answer = try? site.http.get("/\(code)", [("User-Agent", "client \(client)")])
        if answer?.status != 301 { failures.add("\(answer?.status ?? 0)") }
      }
    }
    XCTAssertEqual(failures.all, [])
    XCTAssertEqual(try site.stats(code, clicks: 2000)["total_clicks"].number, 2000)
    // And none more once all that was on its way has arrived.
    try site.waitForClicksUnderWay()
    XCTAssertEqual(try site.stats(code, clicks: 2000)["total_clicks"].number, 2000)
  }

  func testOfAReferrerItsHostIsShownAndNothingElse() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/referred")
    let referrers = [
      "https://www.a.example/secret/path?token=secret", "http://WWW.A.Example:8080/?secret",
      "https://secret:secret@www.a.example./x#secret", "https://b.example",
      "https://b.example?secret", "https://[2001:DB8::1]:8443/secret",
      "android-app://secret.example/", "secret", "https:///secret",
      "https://secret.example\\@c.example/",
    ]
    for referrer in referrers {
      XCTAssertEqual(try site.http.get("/\(code)", [("Referer", referrer)]).status, 301)
    }
    let stats = try site.stats(code, clicks: referrers.count, referred: 6)
    let top = try stats["top_referrers"].elements
    XCTAssertEqual(
      try top.map { try $0["referrer"].text }, ["www.a.example", "b.example", "[2001:db8::1]"])
    XCTAssertEqual(try top.map { try $0["clicks"].number }, [3, 2, 1])
    let answer = try site.http.get("/stats/\(code)")
    XCTAssertFalse(answer.text.contains("secret"), answer.text)
  }

  func testTheEventIdOfAClickIsTheRequestIdThatTheClientSaw() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/traced")
    let id = try XCTUnwrap(site.http.get("/\(code)")["x-request-id"])
    _ = try site.stats(code, clicks: 1)
    XCTAssertEqual(
      try ClickHouseClient.query(
        "SELECT lower(hex(event_id)) FROM visits WHERE code = '\(code)'"), id + "\n")
  }

  /// Writes a journal as a worker leaves it behind when it ends.
  private func writeJournal(_ lines: String) throws {
    let directory = try TestStack.value("JOURNAL_DIR")
    let name = String(format: "%016lx", UInt64.random(in: .min ... .max))
    try Data(lines.utf8).write(
      to: URL(fileURLWithPath: directory).appendingPathComponent(name + ".ndjson"), options: .atomic
    )
  }
}

/// What went wrong on several threads.
final class Failures: @unchecked Sendable {  // The lock is taken around every use of `list`.
  private let lock = NSLock()
  private var list: [String] = []

  func add(_ failure: String) { lock.withLock { list.append(failure) } }
  var all: [String] { lock.withLock { list } }
}
