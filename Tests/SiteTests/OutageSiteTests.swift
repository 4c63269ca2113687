import Foundation
import TestSupport
import XCTest

/// Each engine stopped and started again while requests go on.
final class OutageSiteTests: XCTestCase {
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
      Thread.sleep(forTimeInterval: 0.5)
      try Supervisor.stop(program)
      defer { try? Supervisor.start(program) }
      Thread.sleep(forTimeInterval: 1)
      try check(site, code)
    }
    Thread.sleep(forTimeInterval: 1)
    XCTAssertTrue(traffic.reaches(50))
    let (redirected, others) = traffic.stop()
    XCTAssertEqual(others, [])
    let stats = try site.stats(code, clicks: redirected + 1, withinSeconds: 90)
    XCTAssertEqual(stats["total_clicks"] as? Int, redirected + 1)
    try site.waitForClicksUnderWay()
    XCTAssertEqual(
      try site.stats(code, clicks: 0)["total_clicks"] as? Int, redirected + 1, "counted twice")
  }

  func testWithoutPostgreSQLCachedLinksRedirectAndCreationIs503() throws {
    try outage(of: "engines:postgres") { site, _ in
      let answer = try site.http.post(
        "/shorten", json: #"{"original_url":"https://example.com/later"}"#)
      assertProblem(answer, 503)
      XCTAssertNotNil(answer["retry-after"].flatMap { Int($0) })
      let health = try site.http.get("/health")
      XCTAssertEqual(health.status, 200)
      XCTAssertEqual(try site.json(health)?["status"] as? String, "degraded")
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
    }
    XCTAssertTrue(eventually(seconds: 10) { creations.begun == 8 })
    Thread.sleep(forTimeInterval: 0.2)
    for _ in 0..<100 { XCTAssertEqual(try site.http.get("/\(code)").status, 301) }
    XCTAssertLessThan(creations.ended, 8, "no creation was under way any more")
  }

  func testWithoutRedisRedirectsAndCreationGoOn() throws {
    try outage(of: "engines:redis") { site, _ in
      let code = try site.shorten("https://example.com/without-redis")
      XCTAssertEqual(
        try site.http.get("/\(code)")["location"], "https://example.com/without-redis")
      XCTAssertEqual(try site.json(site.http.get("/health"))?["status"] as? String, "degraded")
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
      try site.stats(code, clicks: redirected, withinSeconds: 60)["total_clicks"] as? Int,
      redirected)
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
      for pid in try Supervisor.pids("relay") + Supervisor.pids("consumer") { kill(pid, SIGKILL) }
      Thread.sleep(forTimeInterval: 1)
    }
    let (redirected, others) = traffic.stop()
    XCTAssertEqual(others, [])
    let stats = try site.stats(code, clicks: redirected, withinSeconds: 60)
    XCTAssertEqual(stats["total_clicks"] as? Int, redirected)
    try site.waitForClicksUnderWay()
    XCTAssertEqual(try site.stats(code, clicks: 0)["total_clicks"] as? Int, redirected)
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
    XCTAssertEqual(stats["total_clicks"] as? Int, redirected)
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
      try site.stats(code, clicks: redirected, withinSeconds: 60)["total_clicks"] as? Int,
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

/// Links that are made at the same time.
///
/// Unchecked, because `lock` is held around every use of what changes.
private final class Creations: @unchecked Sendable {
  private let lock = NSLock()
  private let group = DispatchGroup()
  private var counts = (begun: 0, ended: 0)
  private var others: [Int] = []
  private var isStopped = false

  var begun: Int { lock.withLock { counts.begun } }
  var ended: Int { lock.withLock { counts.ended } }

  /// Begins; with `again` each makes one link after the other until `stop`.
  init(_ site: Site, count: Int, again: Bool = false) {
    for _ in 0..<count {
      group.enter()
      let thread = Thread { [self] in
        repeat {
          lock.withLock { counts.begun += 1 }
          let answer = try? site.http.post(
            "/shorten", json: #"{"original_url":"https://example.com"}"#)
          lock.withLock {
            counts.ended += 1
            if answer?.status != 201 { others.append(answer?.status ?? 0) }
          }
        } while again && !(lock.withLock { isStopped })
        group.leave()
      }
      thread.start()
    }
  }

  /// Waits for the last answers; how many there were, and those that were no 201.
  func stop() -> (ended: Int, others: [Int]) {
    lock.withLock { isStopped = true }
    group.wait()
    return lock.withLock { (counts.ended, others) }
  }
}
