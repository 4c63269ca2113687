import Foundation
import TestSupport
import XCTest

/// The fast path while Redis, the pool, nginx's workers or rights are away, and what is counted then.
final class FastPathFaultSiteTests: FastPathTestCase {
  func testWithoutRedisThePoolServes() throws {
    let code = try hotLink("https://example.com/without-redis")
    let traffic = Traffic(try stack().site, code: code)
    XCTAssertTrue(traffic.goesOn(for: 20))
    try stack().control("stop", "engines:redis")
    let isPools = try eventually(seconds: 20) {
      let answer = try stack().site.http.request("HEAD", "/\(code)")
      return try answer.status == 301
        && stack().answeredByNginx(XCTUnwrap(answer["x-request-id"])) == false
    }
    XCTAssertTrue(traffic.goesOn(for: 50))
    try stack().control("start", "engines:redis")
    XCTAssertTrue(isPools)
    XCTAssertTrue(try eventually(seconds: 20) { try isFast(code) })
    let (ids, others) = traffic.stopWithIDs()
    XCTAssertEqual(others, [])
    try assertStored(ids, of: code)
  }

  /// No program of today writes such a value; its link alone is the pool's.
  func testARecordThatIsTooLongForNginxTakesNoOtherLinkFromIt() throws {
    let long = freshCode()
    try plant(long, "\u{1}" + String(repeating: "a", count: 20_000))
    // Five links in a row: to one alone Redis may have been too slow.
    var inARow = 0
    let areNginxs = try eventually(seconds: 60) {
      let code = freshCode()
      try plant(code, "https://example.com/short")
      assertProblem(try stack().site.http.get("/\(long)"), 404)
      let answer = try stack().site.http.get("/\(code)")
      XCTAssertEqual(answer["location"], "https://example.com/short")
      let isNginxs = try stack().answeredByNginx(XCTUnwrap(answer["x-request-id"]))
      inARow = isNginxs == true ? inARow + 1 : 0
      return inARow == 5
    }
    XCTAssertTrue(areNginxs)
  }

  func testWithoutThePoolKnownLinksRedirectAndCount() throws {
    let code = try hotLink("https://example.com/without-the-pool")
    let pools = ["shortener:*", "shortener-lookup:*", "shortener-spare:*"]
    for pool in pools { try stack().control("stop", pool) }
    var ids: [String] = []
    for _ in 0..<100 {
      let answer = try stack().site.http.get("/\(code)")
      XCTAssertEqual(answer.status, 301)
      ids.append(try XCTUnwrap(answer["x-request-id"]))
    }
    assertProblem(try stack().site.http.get("/\(freshCode())"), 502)
    for pool in pools { try stack().control("start", pool) }
    try assertStored(ids, of: code)
  }

  func testAKilledNginxWorkerLosesNoAnsweredClick() throws {
    let code = try hotLink("https://example.com/killed")
    let traffic = Traffic(try stack().site, code: code)
    for _ in 0..<8 {
      XCTAssertTrue(traffic.goesOn(for: 20))
      if let pid = try stack().nginx().workers.randomElement() { kill(pid, SIGKILL) }
    }
    XCTAssertTrue(traffic.goesOn(for: 20))
    let (ids, others) = traffic.stopWithIDs()
    _ = try eventually(seconds: 60) { try Set(ids).isSubset(of: stack().stored(code)) }
    try stack().site.waitForClicksUnderWay()
    let stored = try stack().stored(code)
    XCTAssertEqual(Set(ids).subtracting(stored), [], "lost")
    XCTAssertEqual(Set(stored).count, stored.count, "stored twice")
    // A request that got no answer may have been recorded before its worker died.
    XCTAssertLessThanOrEqual(stored.count, ids.count + others.count)
  }

  func testAReloadUnderLoadFailsNothing() throws {
    let code = try hotLink("https://example.com/reload")
    let traffic = Traffic(try stack().site, code: code)
    for _ in 0..<4 {
      XCTAssertTrue(traffic.goesOn(for: 50))
      kill(try stack().nginx().master, SIGHUP)
    }
    XCTAssertTrue(traffic.goesOn(for: 50))
    let (ids, others) = traffic.stopWithIDs()
    XCTAssertEqual(others, [])
    try assertStored(ids, of: code)
  }

  /// nginx's workers as another user, as in production.
  ///
  /// The first user may not create files in the journals' directory; the second one's group may.
  func testWithoutRightsToTheJournalsThePoolServesAndTheLogSaysSo() throws {
    if geteuid() != 0 {
      XCTAssertNil(ProcessInfo.processInfo.environment["ALL_TESTS"], "no test may be left out")
      throw XCTSkip("only root can give nginx another user")
    }
    let code = try hotLink("https://example.com/rights")
    let configuration = try stack().directory + "/nginx/nginx.conf"
    let before = try String(contentsOfFile: configuration, encoding: .utf8)
    func reload(_ text: String) throws {
      try text.write(toFile: configuration, atomically: true, encoding: .utf8)
      let old = try stack().nginx()
      kill(old.master, SIGHUP)
      XCTAssertTrue(
        try eventually(seconds: 20) {
          let now = try stack().nginx().workers
          return !now.isEmpty && Set(now).isDisjoint(with: old.workers)
        })
    }
    for name in [
      "shortener", "shortener-lookup", "shortener-spare", "shortener-api", "analytics", "redis",
    ] {
      XCTAssertEqual(chmod(try stack().value("SWIFTLET_RUN") + "/\(name).sock", 0o666), 0)
    }
    try reload(before.replacing(/(?m)^user .*$/, with: "user nobody nogroup;"))
    var ids: [String] = []
    for _ in 0..<20 {
      let answer = try stack().site.http.get("/\(code)")
      XCTAssertEqual(answer.status, 301)
      ids.append(try XCTUnwrap(answer["x-request-id"]))
    }
    XCTAssertEqual(try stack().answeredByNginx(XCTUnwrap(ids.last)), false)
    let log = try String(contentsOfFile: stack().directory + "/log/error.log", encoding: .utf8)
    XCTAssertTrue(log.contains("Permission denied; nginx's user must be able to make files there"))

    let journals = try stack().value("JOURNAL_DIR")
    _ = try Command.run("/bin/chgrp", ["nogroup", journals])
    XCTAssertEqual(chmod(journals, 0o2770), 0)
    XCTAssertTrue(try eventually(seconds: 20) { try isFast(code) })
    for _ in 0..<20 {
      ids.append(try XCTUnwrap(stack().site.http.get("/\(code)")["x-request-id"]))
    }
    XCTAssertEqual(try stack().answeredByNginx(XCTUnwrap(ids.last)), true)
    try assertStored(ids, of: code)
    try reload(before)
  }

  /// As when nginx's user and the relay's share no group.
  func testAJournalThatTheRelayCannotReadHoldsUpNoOther() throws {
    let path = try stack().value("JOURNAL_DIR") + "/00000000deadbeef.ndjson"
    try stack().control("stop", "relay")
    // A link to itself: root can't open that either.
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try stack().control("start", "relay")
    let code = try hotLink("https://example.com/unreadable")
    let id = try XCTUnwrap(stack().site.http.get("/\(code)")["x-request-id"])
    try assertStored([id], of: code)
    let log = try String(contentsOfFile: stack().directory + "/log/relay.log", encoding: .utf8)
    let lines = log.components(separatedBy: "journals can't be read; the others are published")
    XCTAssertEqual(lines.count, 2, "one line tells of it")
  }

  func testNginxsLogAndTheStoredClicksAgree() throws {
    let since = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: -1))
    let code = try hotLink("https://example.com/ledger")
    var ids: [String] = []
    for _ in 0..<30 {
      ids.append(try XCTUnwrap(stack().site.http.get("/\(code)")["x-request-id"]))
      _ = try stack().site.http.get("/\(code)", [("Sec-Purpose", "prefetch")])
    }
    try assertStored(ids, of: code)
    var output = ""
    let agrees = try eventually(seconds: 20) {
      let run = try Command.run(
        TestStack.programs.appendingPathComponent("swiftlet").path,
        [
          "clicks", "reconcile", "--since", since, "--log", stack().directory + "/log/access.log",
          "--json",
        ], environment: stack().variables)
      output = run.output
      let answered = output.matches(of: /"answered":(\d+)/).compactMap { Int($0.1) }.reduce(0, +)
      return run.status == 0 && answered >= 30
    }
    XCTAssertTrue(agrees, output)
  }
}
