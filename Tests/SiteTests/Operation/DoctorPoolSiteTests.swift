import Foundation
import TestSupport
import XCTest

/// What `swiftlet doctor` says of pools that fail, and that its own advice cures it.
final class DoctorPoolSiteTests: DoctorSiteTestCase {
  func testAPoolThatIsSwitchedOffIsNoFault() throws {
    _ = try Site().shorten("https://example.com/switched-off")
    let run = try TestStack.value("SWIFTLET_RUN")
    let directory = try ScratchDirectory("run")
    for pool in ["shortener", "shortener-lookup", "shortener-api"] {
      XCTAssertEqual(symlink("\(run)/\(pool).sock", directory(pool + ".sock")), 0)
    }
    let port = try Socket.freePort()
    var variables = [
      "SWIFTLET_RUN": directory.path, "ANALYTICS_WORKERS": "0", "SHORTENER_SPARE_WORKERS": "0",
      "BASE_URL": "http://127.0.0.1:\(port)",
    ]
    let nginx = try OwnNginx(at: "127.0.0.1:\(port)", variables)
    let some = try doctor(variables)
    XCTAssertEqual(some.status, 0, some.output)
    assertHas(
      some.output, "ok       pool analytics: switched off: ANALYTICS_WORKERS is 0",
      "ok       pool shortener-spare: switched off: SHORTENER_SPARE_WORKERS is 0",
      "ok       nginx: /health answers 200", "answers 502 in ", ": ANALYTICS_WORKERS is 0")
    XCTAssertEqual(unlink(directory("shortener-api.sock")), 0)
    variables["SHORTENER_API_WORKERS"] = "0"
    let fewer = try doctor(variables)
    withExtendedLifetime(nginx) {}
    XCTAssertEqual(fewer.status, 0, fewer.output)
    assertHas(
      fewer.output, "ok       pool shortener-api: switched off: SHORTENER_API_WORKERS is 0",
      "ok       nginx: /health answers 502: SHORTENER_API_WORKERS is 0",
      "ok       creation: /shorten",
      "ok       redirects: /")
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
    // A frozen worker is killed after ten seconds: one is enough here, which its pool goes on without.
    let one = try XCTUnwrap(Supervisor.pids("shortener-spare:").first)
    for pid in frozen where pid != one { kill(pid, SIGCONT) }
    var less = (status: Int32(1), output: "")
    XCTAssertTrue(
      try eventually(seconds: 60) {
        less = try doctor(variables)
        return less.status == 0
          && less.output.contains("warning  processes: one spare has not moved for ")
      }, less.output)
    assertHas(less.output, "-> swiftlet restart shortener-spare")
    try restart("shortener-spare")
    XCTAssertTrue(
      try eventually(seconds: 60) {
        less = try doctor(variables)
        return less.status == 0 && less.output.contains("ok       processes: ")
      }, less.output)
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

  func testAWorkerThatDoesNotRunAndASocketWhoseFileIsGoneAreCuredByTheAdvice() throws {
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

    let path = try TestStack.value("SWIFTLET_RUN") + "/shortener-spare.sock"
    XCTAssertEqual(unlink(path), 0)
    let without = try doctor()
    XCTAssertEqual(without.status, 1)
    assertHas(
      without.output, "FAILED   pool shortener-spare: \(path): No such file or directory",
      "-> swiftlet restart shortener-spare, which makes the socket")
    try restart("shortener-spare")
    XCTAssertTrue(
      try eventually(seconds: 60) {
        output = try doctor().output
        return output.contains("ok       pool shortener-spare: ")
          && output.contains("ok       processes: ")
      }, output)
  }

  func testABrokerWithAnAlarmIsNamedUntilItTakesMessages() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/alarm")
    try Broker.setBlocked(true)
    defer { try? Broker.setBlocked(false) }
    var output = ""
    XCTAssertTrue(
      try eventually(seconds: 60) {
        _ = try site.http.get("/\(code)")
        output = try doctor().output
        return output.contains("; the broker asks for a pause")
      }, output)
    assertHas(output, "-> give RabbitMQ memory or room on its disk")
    try Broker.setBlocked(false)
    XCTAssertTrue(
      try eventually(seconds: 60) {
        output = try doctor().output
        return output.contains("ok       relay: ")
      }, output)
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
