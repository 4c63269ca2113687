import Foundation
import TestSupport
import XCTest

/// Each engine stopped and started again while requests go on.
final class OutageSiteTests: XCTestCase {
  override func tearDownWithError() throws { try Site().waitUntilWell() }

  /// Stops and starts an engine under traffic on a warm link; every request must be redirected, and
  /// counted once.
  private func outage(
    of program: String, while check: (Site, String) throws -> Void = { _, _ in }
  ) throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/outage")
    _ = try site.http.get("/\(code)")
    let traffic = Traffic(site, code: code)
    do {
      XCTAssertTrue(traffic.goesOn(for: 20))
      try Supervisor.stop(program)
      defer { try? Supervisor.start(program) }
      // As long as that it is away, so that all who use it meet with its absence.
      Thread.sleep(forTimeInterval: 1)
      XCTAssertTrue(traffic.goesOn(for: 20))
      try check(site, code)
    }
    XCTAssertTrue(traffic.goesOn(for: 50))
    let (redirected, others) = traffic.stop()
    XCTAssertEqual(others, [])
    let stats = try site.stats(code, clicks: redirected + 1, withinSeconds: 90)
    XCTAssertEqual(try stats["total_clicks"].number, redirected + 1)
    try site.waitForClicksUnderWay()
    XCTAssertEqual(
      try site.stats(code, clicks: 0)["total_clicks"].number, redirected + 1, "counted twice")
  }

  /// What a worker has said of the site's health is good for a second.
  private func assertDegraded(_ site: Site) throws {
    var health = try site.http.get("/health")
    let isDegraded = try eventually(seconds: 30) {
      health = try site.http.get("/health")
      return try health.status == 200 && health.json["status"].text == "degraded"
    }
    XCTAssertTrue(isDegraded, health.text)
  }

  func testWithoutPostgreSQLCachedLinksRedirectAndCreationIs503() throws {
    try outage(of: "engines:postgres") { site, code in
      let answer = try site.http.post(
        "/shorten", json: #"{"original_url":"https://example.com/later"}"#)
      assertProblem(answer, 503)
      XCTAssertNotNil(answer["retry-after"].flatMap { Int($0) })
      // ClickHouse knows the link by its clicks, and a sentence's end takes nothing from it.
      for text in [code, code + "."] {
        XCTAssertTrue(
          try eventually(seconds: 60) { try site.http.get("/stats/" + text).status == 200 }, text)
      }
      try self.assertDegraded(site)
    }
    let site = try Site()
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try site.http.post("/shorten", json: #"{"original_url":"https://example.com"}"#).status
          == 201
      })
  }

  /// PostgreSQL stands still, and the API's workers with it.
  func testNoRedirectWaitsForACreation() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/meanwhile")
    for _ in 0..<20 { _ = try site.shorten("https://example.com/each-worker-has-a-session") }
    XCTAssertEqual(try site.http.get("/\(code)").status, 301)
    let frozen = try Supervisor.pids("engines:postgres").flatMap(ProcessTree.all)
    for pid in frozen { kill(pid, SIGSTOP) }
    let creations = Creations(site, count: 8)
    defer {
      for pid in frozen { kill(pid, SIGCONT) }
      _ = creations.stop()
      // Workers ask PostgreSQL again after a pause: the next test makes links, too.
      let goesOn = eventually(seconds: 60) {
        (1...30).allSatisfy { _ in
          let json = #"{"original_url":"https://example.com/again"}"#
          return (try? site.http.post("/shorten", json: json).status) == 201
        }
      }
      XCTAssertTrue(goesOn)
    }
    XCTAssertTrue(eventually(seconds: 10) { creations.begun == 8 })
    // As long as all of them wait, and until a hundred redirects were made beside some.
    var meanwhile = 0
    while creations.ended == 0 || meanwhile < 100 && creations.ended < 8 {
      XCTAssertEqual(try site.http.get("/\(code)").status, 301)
      meanwhile += 1
    }
    XCTAssertGreaterThanOrEqual(meanwhile, 100)
  }

  func testWithoutRedisRedirectsAndCreationGoOn() throws {
    try outage(of: "engines:redis") { site, _ in
      let code = try site.shorten("https://example.com/without-redis")
      XCTAssertEqual(
        try site.http.get("/\(code)")["location"], "https://example.com/without-redis")
      try self.assertDegraded(site)
    }
  }

  func testWithoutPostgreSQLAndRedisWorkersGoByWhatTheyKnew() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/known")
    // So often that the workers who serve most have met it.
    for _ in 0..<200 { XCTAssertEqual(try site.http.get("/\(code)").status, 301) }
    let engines = ["engines:postgres", "engines:redis"]
    for engine in engines { try Supervisor.stop(engine) }
    defer { for engine in engines { try? Supervisor.start(engine) } }
    var redirected = 200
    for _ in 0..<100 where try site.http.get("/\(code)").status == 301 { redirected += 1 }
    XCTAssertGreaterThan(redirected, 200)
    XCTAssertEqual(
      try site.stats(code, clicks: redirected, withinSeconds: 60)["total_clicks"].number,
      redirected)
  }

  /// The look-ups fail first, then the last resort, and nginx answers by the second.
  func testALinkThatNobodyCanTellIsCountedOnce() throws {
    let site = try Site()
    func unavailable() throws -> Double {
      try Scrape(site.http.get("/metrics").text)
        .sum("swiftlet_redirects_total", "outcome=unavailable") ?? 0
    }
    let away = ["shortener-lookup:*", "engines:postgres", "engines:redis"]
    for program in away { try Supervisor.stop(program) }
    defer { for program in away.reversed() { try? Supervisor.start(program) } }
    let before = try unavailable()
    for turn in 0..<10 { assertProblem(try site.http.get("/nobodyKnows\(turn)"), 503) }
    XCTAssertEqual(try unavailable(), before + 10)
  }

  func testWithoutRabbitMQRedirectsGoOnAndNoClickIsLost() throws {
    try outage(of: "engines:rabbitmq")
  }

  func testWithoutClickHouseRedirectsGoOnAndStatsSaySo() throws {
    try outage(of: "engines:clickhouse") { site, code in
      let answer = try site.http.get("/stats/\(code)")
      assertProblem(answer, 503)
      XCTAssertNotNil(answer["retry-after"])
      XCTAssertEqual(try site.http.get("/stats/health").status, 503)
      XCTAssertEqual(try site.http.get("/health").status, 200)
    }
  }

  func testRestartingRelayAndConsumerLosesNoneAndDoublesNone() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/restarts")
    let traffic = Traffic(site, code: code)
    for _ in 0..<3 {
      for name in try Supervisor.names("relay") + Supervisor.names("consumer") {
        try Supervisor.restart(name)
      }
      let killed = try Supervisor.pids("relay") + Supervisor.pids("consumer")
      for pid in killed { kill(pid, SIGKILL) }
      XCTAssertTrue(
        try eventually(seconds: 60) {
          let now = try Supervisor.pids("relay") + Supervisor.pids("consumer")
          return now.count == killed.count && Set(now).isDisjoint(with: killed)
        })
    }
    let (redirected, others) = traffic.stop()
    XCTAssertEqual(others, [])
    let stats = try site.stats(code, clicks: redirected, withinSeconds: 60)
    XCTAssertEqual(try stats["total_clicks"].number, redirected)
    try site.waitForClicksUnderWay()
    XCTAssertEqual(try site.stats(code, clicks: 0)["total_clicks"].number, redirected)
  }

  func testAWorkerThatIsKilledCostsNoGet() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/killed")
    let traffic = Traffic(site, code: code)
    for _ in 0..<10 {
      if let pid = try Supervisor.pids("shortener:").randomElement() { kill(pid, SIGKILL) }
      Thread.sleep(forTimeInterval: 0.3)
    }
    let (redirected, others) = traffic.stop()
    XCTAssertEqual(others, [])
    let stats = try site.stats(code, clicks: redirected, withinSeconds: 60)
    XCTAssertEqual(try stats["total_clicks"].number, redirected)
  }

  func testARollingRestartOfThePoolFailsNoRequest() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/rolling")
    let traffic = Traffic(site, code: code)
    for name in try Supervisor.names("shortener:") { try Supervisor.restart(name) }
    XCTAssertTrue(traffic.reaches(100))
    let (redirected, others) = traffic.stop()
    XCTAssertEqual(others, [])
    XCTAssertEqual(
      try site.stats(code, clicks: redirected, withinSeconds: 60)["total_clicks"].number,
      redirected)
  }

  /// A POST is never sent twice, and comes on kept connections: none of these may end under it.
  func testARollingRestartFailsNoCreation() throws {
    let creations = Creations(try Site(), count: 4, again: true)
    for name in try Supervisor.names("shortener-api:") { try Supervisor.restart(name) }
    let (ended, others) = creations.stop()
    XCTAssertEqual(others, [])
    XCTAssertGreaterThan(ended, 100)
  }

  func testWhenEveryWorkerIsFrozenOrGoneTheAnswerIsAProblemAndNotSilence() throws {
    let site = try Site()
    let frozen = try Supervisor.pids("shortener")
    for pid in frozen { kill(pid, SIGSTOP) }
    defer { for pid in frozen { kill(pid, SIGCONT) } }
    assertProblem(try site.http.get("/zzzzzz"), 504)
    for pid in frozen { kill(pid, SIGCONT) }

    let pool = try Supervisor.names("analytics:")
    for name in pool { try Supervisor.stop(name) }
    defer { for name in pool { try? Supervisor.start(name) } }
    let gone = try site.http.get("/stats/zzzzzz")
    assertProblem(gone, 502)
    XCTAssertNotNil(gone["retry-after"])
  }
}
