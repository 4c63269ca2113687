import Foundation
import TestSupport
import XCTest

/// The pools under spawn-fcgi, by the very lines of the documentation.
final class SpawnFCGISiteTests: XCTestCase {
  func testTheDocumentedLinesStartEachPool() throws {
    let directory = try ScratchDirectory("spawn")
    let lines = try documentedLines()
    XCTAssertEqual(lines.count, 5)
    for line in lines {
      let command =
        line
        .replacingOccurrences(of: "/run/swiftlet/", with: directory.path + "/")
        .replacingOccurrences(of: "/usr/libexec/swiftlet", with: TestStack.programs.path)
        .replacingOccurrences(of: "/var/log/swiftlet", with: directory.path)
        .replacingOccurrences(of: "-u swiftlet -g www-data ", with: "")
      let started = try Command.run("/bin/sh", ["-c", command])
      XCTAssertEqual(started.status, 0, started.output)
      let pids = started.output.matches(of: /PID: (\d+)/).compactMap { Int32($0.1) }
      XCTAssertGreaterThan(pids.count, 0, started.output)
      defer { for pid in pids { kill(pid, SIGTERM) } }
      let socket = try XCTUnwrap(command.firstMatch(of: /-s (\S+)/)).1
      let (path, status) = expected(of: line)
      let answer = try FastCGIClient.request(
        socket: String(socket),
        parameters: [("REQUEST_METHOD", "GET"), ("REQUEST_URI", path)])
      XCTAssertTrue(answer.hasPrefix("Status: \(status)\r\n"), answer)
    }
  }

  /// Those without a socket, by their one line.
  func testTheDocumentedLineStartsTheOtherPrograms() throws {
    let directory = try ScratchDirectory("spawn")
    let lines = try Repository.text("supervisor/README.md").split(separator: "\n")
      .filter { $0.hasPrefix("for program in ") }
    XCTAssertEqual(lines.count, 1)
    let command = (lines.first.map(String.init) ?? "")
      .replacingOccurrences(of: "/usr/libexec/swiftlet", with: TestStack.programs.path)
      .replacingOccurrences(of: "/var/log/swiftlet", with: directory.path)
      .replacingOccurrences(
        of: "setpriv --reuid swiftlet --regid www-data --init-groups ", with: ""
      )
      .replacingOccurrences(of: "& done", with: "& echo $!; done")
    let output = try Command.check(
      "/bin/sh", ["-c", command],
      environment: ["JOURNAL_DIR": directory.make("journal"), "STATE_DIR": directory("state")])
    let pids = output.split(separator: "\n").compactMap { pid_t($0) }
    defer { for pid in pids { kill(pid, SIGTERM) } }
    XCTAssertEqual(pids.count, 4, output)
    XCTAssertTrue(eventually(seconds: 60) { pids.allSatisfy(WorkerPool.serves) }, output)
    for program in ["invalidator", "relay", "dispatcher", "consumer"] {
      XCTAssertTrue(FileManager.default.fileExists(atPath: directory(program + ".log")), program)
    }
  }

  /// One socket for all redirects, without workers for look-ups and without a line of nginx's for them.
  func testAWorkerWithoutARoleAnswersEveryRedirectItself() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/no-role")
    let directory = try ScratchDirectory("no-role")
    // So that PostgreSQL must be asked.
    try Command.check(
      "/usr/bin/redis-cli",
      ["-s", TestStack.value("SWIFTLET_RUN") + "/redis.sock", "DEL", "short_url:\(code)"])
    let listener = try Socket(listeningAt: directory("pool.sock"))
    let worker = try ChildProcess(
      TestStack.programs.appendingPathComponent("shortener").path,
      input: listener.descriptor)
    defer { worker.signal(SIGTERM) }
    for (path, answer) in [
      ("/\(code)", "301 Moved Permanently"), ("/nobodysLink", "404 Not Found"),
      ("/health", "503 Service Unavailable"),
    ] {
      let text = try FastCGIClient.request(
        socket: directory("pool.sock"),
        parameters: [("REQUEST_METHOD", "HEAD"), ("REQUEST_URI", path)])
      XCTAssertTrue(text.hasPrefix("Status: \(answer)\r\n"), text)
    }
  }

  /// What tells that a pool serves in its role: a path, and the status of its answer.
  private func expected(of line: String) -> (path: String, status: String) {
    if line.contains("/analytics") { return ("/stats/health", "200 OK") }
    if line.contains("/api") { return ("/health", "200 OK") }
    // A code that nobody has: a redirect worker leaves it to a look-up worker.
    return ("/nobodysCode", line.contains("ROLE=redirects") ? "530 Handed On" : "404 Not Found")
  }

  /// The lines that begin with spawn-fcgi, maybe with variables before it.
  private func documentedLines() throws -> [String] {
    try Repository.text("supervisor/README.md").split(separator: "\n").map(String.init)
      .filter { $0.contains("spawn-fcgi -") }
  }
}
