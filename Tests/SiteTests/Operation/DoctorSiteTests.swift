import Foundation
import TestSupport
import XCTest

/// What `swiftlet doctor` says of a site that fails, and that its own advice cures it.
final class DoctorSiteTests: XCTestCase {
  private func doctor(_ variables: [String: String] = [:]) throws -> (status: Int32, output: String)
  {
    try Command.run(
      TestStack.programs.appendingPathComponent("swiftlet").path, ["doctor"],
      environment: variables)
  }

  private func assertHas(
    _ output: String, _ lines: String..., file: StaticString = #filePath, line: UInt = #line
  ) {
    for text in lines {
      XCTAssertTrue(output.contains(text), "\(text)\n\(output)", file: file, line: line)
    }
  }

  /// Does what the advice says.
  private func restart(_ pool: String) throws {
    try Command.check(
      TestStack.programs.appendingPathComponent("swiftlet").path, ["restart", pool])
  }

  func testItGoesThroughTLSAndTellsOfTheCertificate() throws {
    let site = try Site()
    _ = try site.shorten("https://example.com/doctored")
    let front = try TLSFront(before: site, days: 90)
    let place = ["BASE_URL": "https://localhost:\(front.port)"]
    let trusting = place.merging(["SSL_CERT_FILE": front.certificate]) { own, _ in own }
    let well = try doctor(trusting)
    XCTAssertEqual(well.status, 0, well.output)
    assertHas(
      well.output, "ok       certificate: valid until 20", " days", "ok       nginx: /health",
      "ok       redirects: /", "ok       creation: /shorten answers 4",
      "ok       statistics: /stats/")

    let stranger = try doctor(place)
    XCTAssertEqual(stranger.status, 1)
    assertHas(
      stranger.output, "FAILED   certificate: SSL certificate problem: self-signed certificate",
      "ok       redirects: /", "ok       statistics: /stats/")
    let address = ["BASE_URL": "https://127.0.0.1:\(front.port)"]
    let foreign = try doctor(trusting.merging(address) { _, new in new })
    XCTAssertEqual(foreign.status, 1)
    assertHas(foreign.output, "FAILED   certificate: ", "certificate subject name")
  }

  func testACertificateThatEndsSoonIsAWarningAndOneThatHasEndedAFailure() throws {
    let site = try Site()
    let short = try TLSFront(before: site, days: 5)
    let soon = try doctor([
      "BASE_URL": "https://localhost:\(short.port)", "SSL_CERT_FILE": short.certificate,
    ])
    XCTAssertEqual(soon.status, 0, soon.output)
    assertHas(soon.output, "warning  certificate: valid until 20", " days")
    let old = try TLSFront(before: site, days: -1)
    let ended = try doctor([
      "BASE_URL": "https://localhost:\(old.port)", "SSL_CERT_FILE": old.certificate,
    ])
    XCTAssertEqual(ended.status, 1)
    assertHas(ended.output, "FAILED   certificate: ", "certificate has expired")
  }

  func testASiteThatSendsClientsOnToHTTPSIsFollowedThere() throws {
    let front = try TLSFront(before: Site(), days: 90)
    let (status, output) = try doctor([
      "BASE_URL": "http://localhost:\(front.plainPort)", "SSL_CERT_FILE": front.certificate,
    ])
    XCTAssertEqual(status, 0, output)
    assertHas(
      output, "warning  redirect to https: ", "-> set BASE_URL to https://localhost:\(front.port)",
      "ok       certificate: ", "ok       redirects: /")
  }

  func testFrozenWorkersBehindTLSAreNamedWithTheirPool() throws {
    let front = try TLSFront(before: Site(), days: 90)
    let variables = [
      "BASE_URL": "https://localhost:\(front.port)", "SSL_CERT_FILE": front.certificate,
    ]
    let pools = ["shortener", "shortener-spare", "analytics"]
    let frozen = try pools.flatMap { try Supervisor.pids("\($0):") }
    defer { for pid in frozen { kill(pid, SIGCONT) } }
    for pid in frozen { kill(pid, SIGSTOP) }
    let (status, output) = try doctor(variables)
    XCTAssertEqual(status, 1)
    for pool in pools {
      assertHas(output, "FAILED   pool \(pool): no worker answers", "-> swiftlet restart \(pool)")
    }
    assertHas(
      output, "FAILED   redirects: ", "FAILED   statistics: ", "ok       creation: ",
      "ok       pool shortener-api: ")
    // A frozen worker is killed after ten seconds, one after the other: the fewest are enough here.
    for pool in ["shortener", "analytics"] {
      for pid in try Supervisor.pids("\(pool):") { kill(pid, SIGCONT) }
    }
    try restart("shortener-spare")
    XCTAssertTrue(try eventually(seconds: 60) { try doctor(variables).status == 0 })
  }

  func testAPoolThatMakesNoLinksIsSeenThroughNginx() throws {
    let frozen = try Supervisor.pids("shortener-api:")
    defer { for pid in frozen { kill(pid, SIGCONT) } }
    for pid in frozen { kill(pid, SIGSTOP) }
    let (status, output) = try doctor()
    XCTAssertEqual(status, 1)
    assertHas(
      output, "FAILED   creation: /shorten", "FAILED   pool shortener-api: no worker answers",
      "FAILED   nginx: ", "ok       redirects: /")
    for pid in frozen { kill(pid, SIGCONT) }
    XCTAssertTrue(try eventually(seconds: 60) { try doctor().status == 0 })
  }

  func testOneFrozenWorkerOfSeveralIsNamed() throws {
    let pid = try XCTUnwrap(Supervisor.pids("shortener-api:").first)
    defer { kill(pid, SIGCONT) }
    kill(pid, SIGSTOP)
    var output = ""
    XCTAssertTrue(
      try eventually(seconds: 90) {
        output = try doctor().output
        return output.contains("warning  processes: one api has not moved for ")
      }, output)
    assertHas(output, "-> swiftlet restart shortener-api")
    try restart("shortener-api")
    XCTAssertTrue(
      try eventually(seconds: 60) { try doctor().output.contains("ok       processes: ") })
  }

  func testAWorkerThatDoesNotRunIsMissed() throws {
    let names = try Supervisor.names("shortener-spare:")
    let name = try XCTUnwrap(names.first)
    try Supervisor.stop(name)
    defer { try? Supervisor.start(name) }
    let count = names.count
    let lines =
      count == 1
      ? "warning  processes: no spare" : "warning  processes: \(count - 1) of \(count) spare"
    var output = ""
    XCTAssertTrue(
      try eventually(seconds: 30) {
        output = try doctor(["SHORTENER_SPARE_WORKERS": "\(count)"]).output
        return output.contains(lines)
      }, output)
    assertHas(output, "swiftlet restart shortener-spare")
    try restart("shortener-spare")
    XCTAssertTrue(
      try eventually(seconds: 60) { try doctor().output.contains("ok       processes: ") })
  }

  func testASocketWhoseFileIsGoneIsCuredByItsAdvice() throws {
    let path = try TestStack.value("SWIFTLET_RUN") + "/shortener-spare.sock"
    XCTAssertEqual(unlink(path), 0)
    let (status, output) = try doctor()
    XCTAssertEqual(status, 1)
    assertHas(
      output, "FAILED   pool shortener-spare: \(path): No such file or directory",
      "-> swiftlet restart shortener-spare, which makes the socket")
    try restart("shortener-spare")
    XCTAssertTrue(
      try eventually(seconds: 60) {
        try doctor().output.contains("ok       pool shortener-spare: ")
      })
  }

  /// Each pool is asked for its own engines, since it may have been started with other settings.
  func testAPoolThatRunsWithAnotherLoginIsNamedUntilItIsRestarted() throws {
    _ = try Site().shorten("https://example.com/login")
    let run = try TestStack.value("SWIFTLET_RUN")
    let wrong = "postgresql:///swiftlet?host=\(run)/postgres&user=nobody-of-ours"
    let cases: [(pool: String, program: String, wrong: [String: String], detail: String)] = [
      ("shortener-api", "api", ["PG_API_DSN": wrong], "doesn't reach PostgreSQL"),
      (
        "shortener-lookup", "shortener", ["PG_LOOKUP_DSN": wrong, "SHORTENER_ROLE": "lookups"],
        "answers 503"
      ),
      (
        "shortener-spare", "shortener", ["PG_LOOKUP_DSN": wrong, "SHORTENER_ROLE": "retries"],
        "answers 503"
      ),
      (
        "shortener", "shortener",
        ["REDIS_URL": "redis://127.0.0.1:1/0", "SHORTENER_ROLE": "redirects"],
        "finds no link in Redis"
      ),
      (
        "analytics", "analytics", ["CLICKHOUSE_URL": "http://default@127.0.0.1:1/x"],
        "doesn't reach ClickHouse"
      ),
    ]
    for (pool, program, variables, detail) in cases {
      let directory = try ScratchDirectory("run")
      for name in [
        "shortener", "shortener-lookup", "shortener-api", "shortener-spare", "analytics",
      ]
      where name != pool {
        XCTAssertEqual(symlink("\(run)/\(name).sock", directory("\(name).sock")), 0)
      }
      let right = try Self.right()
      let workers = try WorkerPool(program, right)
      XCTAssertEqual(symlink(workers.socket, directory("\(pool).sock")), 0)
      let place = ["SWIFTLET_RUN": directory.path]
      do {
        let worker = try workers.start(variables)
        defer { worker.signal(SIGKILL) }
        let (status, output) = try doctor(place)
        XCTAssertEqual(status, 1, output)
        assertHas(
          output, "FAILED   pool \(pool): \(detail)", "-> swiftlet restart \(pool), which takes")
      }
      let role = variables.filter { $0.key == "SHORTENER_ROLE" }
      let worker = try workers.start(role)
      defer { worker.signal(SIGKILL) }
      var output = ""
      XCTAssertTrue(
        try eventually(seconds: 30) {
          output = try doctor(place).output
          return output.contains("ok       pool \(pool): ")
        }, "\(pool)\n\(output)")
    }
  }

  /// What the stack gives its own workers.
  private static func right() throws -> [String: String] {
    var variables: [String: String] = [:]
    for name in [
      "PG_DSN", "PG_API_DSN", "PG_LOOKUP_DSN", "PG_ANALYTICS_DSN", "REDIS_URL", "CLICKHOUSE_URL",
      "BASE_URL",
    ] {
      variables[name] = try TestStack.value(name)
    }
    return variables
  }
}
