import Foundation
import TestSupport
import XCTest

/// The API and the shortener's roles as processes, each on a socket of its own, with no nginx in front.
final class RoleProcessTests: XCTestCase {
  /// A pool of the API, or of a role of the shortener, whose workers wait for Redis as long as it takes.
  private func pool(_ role: String, _ variables: [String: String]) throws -> WorkerPool {
    let defaults = ["SHORTENER_ROLE": role == "api" ? "" : role, "REDIS_TIMEOUT_MS": "5000"]
    return try WorkerPool(
      role == "api" ? "api" : "shortener", defaults.merging(variables) { _, own in own })
  }

  /// The same beside a PostgreSQL that takes connections and says nothing.
  private func pool(
    _ role: String, _ redis: PrivateRedis, _ postgres: SilentServer,
    _ variables: [String: String] = [:]
  ) throws -> WorkerPool {
    let engines = [
      "REDIS_URL": redis.url, "PG_DSN": "postgresql:///none?host=\(postgres.directory)",
    ]
    return try pool(role, engines.merging(variables) { _, own in own })
  }

  private func plant(_ code: String, _ url: String, in redis: PrivateRedis) throws {
    try redis.command("SET", "short_url:\(code)", url)
  }

  /// As the sections of earlier releases start it.
  func testAShortenerThatIsStartedForTheAPINamesTheProgramThatIsNeeded() throws {
    let shortener = TestStack.programs.appendingPathComponent("shortener").path
    let told = try Command.run(
      shortener, [], environment: ["SHORTENER_ROLE": "api", "SWIFTLET_ENV": "/dev/null"])
    XCTAssertEqual(told.status, 78)
    XCTAssertEqual(
      told.output,
      "shortener: SHORTENER_ROLE: \"api\" is not valid; it should be all, redirects, lookups, retries; "
        + "on shortener-api.sock start the program api instead of shortener\n")
    let directory = try ScratchDirectory("role")
    let listener = try Socket(listeningAt: directory("shortener-api.sock"))
    for role in ["", "all", "retries"] {
      let log = directory("log-\(role)")
      let worker = try ChildProcess(
        shortener, environment: ["SHORTENER_ROLE": role, "SWIFTLET_ENV": "/dev/null"],
        input: listener.descriptor, output: log)
      XCTAssertEqual(worker.wait(seconds: 30), 78)
      let line = try String(contentsOfFile: log, encoding: .utf8)
      XCTAssertTrue(line.contains("start the program api"), line)
    }
  }

  /// The site of an earlier release has nginx ask a retry worker when no API worker answers.
  func testARetryWorkerTakesThePathsOfTheAPIForNoCodes() throws {
    let (redis, postgres) = (try PrivateRedis(), try SilentServer(name: ".s.PGSQL.5432"))
    let pool = try pool("retries", redis, postgres)
    let worker = try pool.start()
    for path in ["/health", "/metrics", "/shorten"] {
      let answer = try pool.ask(path)
      XCTAssertTrue(answer.hasPrefix("Status: 503 "), answer)
      XCTAssertTrue(answer.contains("The program api answers this path"), answer)
    }
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testARedirectWorkerHandsOnWhatRedisDoesNotKnowWithoutSleepAndWithoutPostgreSQL() throws {
    let (redis, postgres) = (try PrivateRedis(), try SilentServer(name: ".s.PGSQL.5432"))
    let pool = try pool("redirects", redis, postgres)
    let worker = try pool.start()
    try plant("warm", "https://example.com/warm", in: redis)
    let trace = try CallTrace(worker.pid, "connect,nanosleep,clock_nanosleep")
    for turn in 0..<50 {
      XCTAssertTrue(try pool.ask("/unknown\(turn)").hasPrefix("Status: 530 Handed On\r\n"))
      XCTAssertTrue(try pool.ask("/again").hasPrefix("Status: 530 Handed On\r\n"))
    }
    XCTAssertTrue(
      try pool.ask("/warm").contains("\r\nLocation: https://example.com/warm\r\n"))
    let calls = trace.end()
    XCTAssertTrue(calls.contains { $0.contains(redis.socket) }, "it has not asked Redis: \(calls)")
    XCTAssertEqual(calls.filter { !$0.contains(redis.socket) && !$0.contains("+++") }, [])
    // A worker that hands on leaves the click to the one that answers.
    XCTAssertEqual(try pool.clicks().count, 1)
  }

  func testWithRedisFrozenARedirectWorkerHandsOnAfterItsTimeLimit() throws {
    let (redis, postgres) = (try PrivateRedis(), try SilentServer(name: ".s.PGSQL.5432"))
    let pool = try pool("redirects", redis, postgres, ["REDIS_TIMEOUT_MS": "20"])
    let worker = try pool.start()
    redis.freeze()
    for turn in 0..<200 {
      XCTAssertTrue(try pool.ask("/unknown\(turn)").hasPrefix("Status: 530 Handed On\r\n"))
    }
    redis.thaw()
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testAsALastResortWhatWasKnownIsAnsweredAndItsClickMarkedAsARetry() throws {
    let (redis, postgres) = (try PrivateRedis(), try SilentServer(name: ".s.PGSQL.5432"))
    let pool = try pool("redirects", redis, postgres, ["HOT_CACHE_MS": "1"])
    let worker = try pool.start()
    try plant("warm", "https://example.com/warm", in: redis)
    XCTAssertTrue(try pool.ask("/warm").hasPrefix("Status: 301"))
    redis.kill()
    XCTAssertTrue(
      eventually(seconds: 20) { (try? pool.ask("/warm").hasPrefix("Status: 530")) == true })
    let last = [("LAST_RESORT", "1")]
    let known = try pool.ask("/warm", last)
    XCTAssertTrue(known.hasPrefix("Status: 301"), known)
    XCTAssertTrue(known.contains("\r\nLocation: https://example.com/warm\r\n"), known)
    let unknown = try pool.ask("/unknown", last)
    XCTAssertTrue(unknown.hasPrefix("Status: 503"), unknown)
    XCTAssertTrue(unknown.contains("\r\nRetry-After: "), unknown)
    XCTAssertEqual(try pool.clicks().map { $0.contains(#""retried":true"#) }, [false, true])
    XCTAssertNil(worker.wait(seconds: 0))
  }

  func testALookUpWorkerWithoutPostgreSQLSaysWhenToComeAgain() throws {
    let (redis, postgres) = (try PrivateRedis(), try SilentServer(name: ".s.PGSQL.5432"))
    let pool = try pool("lookups", redis, postgres)
    let worker = try pool.start()
    try plant("warm", "https://example.com/warm", in: redis)
    for turn in 0..<20 {
      let answer = try pool.ask("/unknown\(turn)")
      XCTAssertTrue(answer.hasPrefix("Status: 503"), answer)
      XCTAssertTrue(answer.contains("\r\nRetry-After: "), answer)
      XCTAssertTrue(try pool.ask("/warm").hasPrefix("Status: 301"))
    }
    XCTAssertNil(worker.wait(seconds: 0))
  }

  /// Redis answers, and the change may be why it has nothing.
  func testWithoutPostgreSQLNoWorkerAnswersByWhatAChangeMayHaveEnded() throws {
    for (role, parameters) in [("lookups", []), ("redirects", [("LAST_RESORT", "1")])] {
      let (redis, postgres) = (try PrivateRedis(), try SilentServer(name: ".s.PGSQL.5432"))
      let pool = try pool(role, redis, postgres)
      let worker = try pool.start()
      try plant("changed", "https://example.com/old", in: redis)
      XCTAssertTrue(try pool.ask("/changed", parameters).hasPrefix("Status: 301"))
      try redis.command("DEL", "short_url:changed")
      XCTAssertTrue(
        eventually(seconds: 20) {
          (try? pool.ask("/changed", parameters).hasPrefix("Status: 503")) == true
        }, role)
      XCTAssertNil(worker.wait(seconds: 0))
    }
  }

  func testASlowLookUpWorkerIsNotBehindWhileOneRequestWaitsAtATime() throws {
    let (redis, postgres) = (try PrivateRedis(), try SilentServer(name: ".s.PGSQL.5432"))
    let pool = try pool(
      "lookups", redis, postgres,
      ["PG_DSN": TestStack.value("PG_DSN"), "PG_READ_TIMEOUT_MS": "400"])
    let worker = try pool.start()
    let trace = try CallTrace(worker.pid, "recvfrom", delayedBy: 30_000)
    let connection = try FastCGIClient.connection(to: pool.socket)
    // Together they take far longer than a worker that is behind goes on.
    for turn in 0..<40 {
      let answer = try FastCGIClient.request(
        on: connection,
        parameters: WorkerPool.parameters("/zzzslow\(turn)"))
      XCTAssertTrue(answer.hasPrefix("Status: 404"), answer)
    }
    XCTAssertGreaterThanOrEqual(trace.end().count, 40, "PostgreSQL was not asked each time")
  }

  /// A commit costs much more than a row.
  func testRequestsThatWaitTogetherAreStoredByOneCommitAndEachGetsItsOwnAnswer() throws {
    let dsn = try TestStack.value("PG_DSN")
    let pool = try pool("api", ["REDIS_URL": TestStack.value("REDIS_URL"), "PG_DSN": dsn])
    let worker = try pool.start()
    let mark = "https://example.com/\(UUID().uuidString)"
    let parameters = [
      ("REQUEST_METHOD", "POST"), ("REQUEST_URI", "/shorten"), ("CONTENT_TYPE", "application/json"),
    ]
    func request(_ url: String) -> (parameters: [(String, String)], body: [UInt8]) {
      let body = Array(#"{"original_url":"\#(url)"}"#.utf8)
      return (parameters + [("CONTENT_LENGTH", "\(body.count)")], body)
    }
    // A connection is kept from its first request on.
    let connections = try (0..<12).map { number in
      let connection = try FastCGIClient.connection(to: pool.socket)
      let first = request("\(mark)-first/\(number)")
      let answer = try FastCGIClient.request(
        on: connection, parameters: first.parameters, body: first.body)
      XCTAssertTrue(answer.hasPrefix("Status: 201 "), answer)
      return connection
    }
    worker.signal(SIGSTOP)
    XCTAssertTrue(
      try eventually(seconds: 5) {
        try String(contentsOfFile: "/proc/\(worker.pid)/stat", encoding: .utf8).contains(") T ")
      })
    for (number, connection) in connections.enumerated() {
      let next = request(number == 5 ? "ftp://example.com/" : "\(mark)/\(number)")
      try FastCGIClient.send(on: connection, parameters: next.parameters, body: next.body)
    }
    worker.signal(SIGCONT)
    for (number, connection) in connections.enumerated() {
      let answer = try FastCGIClient.answer(on: connection)
      XCTAssertTrue(answer.hasPrefix(number == 5 ? "Status: 422 " : "Status: 201 "), answer)
      XCTAssertEqual(answer.contains(#""original_url":"\#(mark)/\#(number)""#), number != 5, answer)
    }
    let commits = try Command.output(
      "/usr/bin/psql",
      [
        "-X", "-A", "-t", "-c",
        "SELECT count(*), count(DISTINCT xmin::text) FROM short_urls WHERE original_url LIKE '\(mark)/%'",
        dsn,
      ])
    XCTAssertEqual(commits.trimmingCharacters(in: .whitespacesAndNewlines), "11|1")
  }

  /// A health check costs the same whoever asks for it and however often.
  func testHealthReadsTheJournalsDirectoryOnceASecondHoweverOftenItIsAsked() throws {
    let (redis, postgres) = (try PrivateRedis(), try SilentServer(name: ".s.PGSQL.5432"))
    let pool = try pool("api", redis, postgres)
    let worker = try pool.start()
    let journals = try pool.directory.make("journal")
    for number in 0..<300 {
      let name = String(format: "%016x.ndjson", number)
      XCTAssertTrue(FileManager.default.createFile(atPath: "\(journals)/\(name)", contents: nil))
    }
    let begin = ContinuousClock.now
    let trace = try CallTrace(worker.pid, "open,openat")
    for _ in 0..<100 {
      XCTAssertTrue(try pool.ask("/health").contains(#""journal":{"state":"up""#))
      XCTAssertTrue(try pool.ask("/metrics").hasPrefix("Status: 200"))
    }
    let seconds = Int(begin.duration(to: .now) / .seconds(1))
    let looks = trace.end().filter { $0.contains("\"\(journals)\"") }
    XCTAssertGreaterThan(looks.count, 0)
    // One look opens it twice: for the names, and for the lines that wait.
    XCTAssertLessThanOrEqual(looks.count, 2 * (seconds + 2), "\(looks)")
  }
}
