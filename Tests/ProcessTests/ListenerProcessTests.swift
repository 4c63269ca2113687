import Foundation
import TestSupport
import XCTest

/// The pool's programs as processes on a socket, with no engine behind them.
final class ListenerProcessTests: XCTestCase {
  private var folder = URL(fileURLWithPath: "/")
  private var path: String { folder.appendingPathComponent("pool.sock").path }

  override func setUpWithError() throws {
    folder = URL(fileURLWithPath: "/tmp/swiftlet-pool-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws {
    try FileManager.default.removeItem(at: folder)
  }

  private func startWorker(
    _ listener: Socket, _ program: String = "shortener", _ others: [String: String] = [:],
    output: String? = nil
  ) throws -> ChildProcess {
    let worker = try ChildProcess(
      TestStack.programs.appendingPathComponent(program).path,
      environment: environment.merging(others) { _, other in other }, input: listener.descriptor,
      output: output)
    XCTAssertTrue(
      try eventually(seconds: 20) { try handlesSIGTERM(worker.pid) }, "the worker does not start")
    return worker
  }

  private var environment: [String: String] {
    [
      "JOURNAL_DIR": folder.path + "/journal", "STATE_DIR": folder.path + "/state",
      "SWIFTLET_ENV": "/dev/null", "LOG_LEVEL": "critical",
      "PG_DSN": "postgresql:///none?host=\(folder.path)",
      "REDIS_URL": "unix://\(folder.path)/none.sock",
      "CLICKHOUSE_URL": "http://default@127.0.0.1:1/swiftlet",
    ]
  }

  private func handlesSIGTERM(_ pid: Int32) throws -> Bool {
    let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
    let mask = line.flatMap { UInt64($0.dropFirst(7).filter(\.isHexDigit), radix: 16) } ?? 0
    return mask & 1 << UInt64(SIGTERM - 1) != 0
  }

  /// A request that needs no engine.
  private func ask() throws -> String {
    try FastCGIClient.request(socket: path, parameters: parameters)
  }

  private let parameters = [
    ("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/no/such/path"), ("REMOTE_ADDR", "192.0.2.1"),
    ("REQUEST_ID", String(repeating: "0", count: 32)),
  ]

  func testSIGTERMUnderLoadLosesNoRequestAndLeavesNoWorkerBehind() throws {
    let listener = try Socket(listeningAt: path)
    var workers = try (0..<4).map { _ in try startWorker(listener) }
    let load = Load { try self.ask().hasPrefix("Status: 404 Not Found\r\n") }
    for round in 0..<60 {
      let index = round % workers.count
      workers[index].signal(SIGTERM)
      let status = workers[index].wait(seconds: 20)
      XCTAssertEqual(status, 0, "round \(round)")
      workers[index] = try startWorker(listener)
    }
    XCTAssertTrue(eventually(seconds: 30) { load.answered > 100 })
    XCTAssertEqual(load.stop(), [])
    for worker in workers { worker.signal(SIGTERM) }
    for worker in workers { XCTAssertEqual(worker.wait(seconds: 20), 0) }
  }

  func testEachPoolStopsWhenIdle() throws {
    for program in ["shortener", "api", "analytics"] {
      let listener = try Socket(listeningAt: path)
      let worker = try startWorker(listener, program)
      XCTAssertTrue(try ask().hasPrefix("Status: 404"))
      worker.signal(SIGTERM)
      XCTAssertEqual(worker.wait(seconds: 20), 0, program)
    }
  }

  func testOnAKeptConnectionNothingOfARequestIsTakenForTheNextOne() throws {
    let listener = try Socket(listeningAt: path)
    let worker = try startWorker(listener)
    let connection = try FastCGIClient.connection(to: path)
    // Lengths around libfcgi's buffer of 8 KiB, so that a request's end falls on either side of it.
    for length in [1, 4000, 7900, 8000, 8100, 8180, 8190, 8200, 16_000, 1] {
      for body in [[], [UInt8](repeating: 0x78, count: length)] {
        let answer = try FastCGIClient.request(
          on: connection,
          parameters: parameters + [
            ("HTTP_USER_AGENT", String(repeating: "a", count: length)),
            ("CONTENT_LENGTH", String(body.count)),
          ], body: body)
        XCTAssertTrue(answer.hasPrefix("Status: 404 Not Found\r\n"), "\(length): \(answer)")
      }
    }
    worker.signal(SIGTERM)
    XCTAssertEqual(worker.wait(seconds: 20), 0)
    XCTAssertEqual(try connection.receive(), [])
  }

  func testAKeptConnectionHoldsAPlaceAndNotTheWorker() throws {
    for program in ["shortener", "api", "analytics"] {
      let listener = try Socket(listeningAt: path)
      let worker = try startWorker(listener, program, ["WORKER_CONNECTIONS": "4"])
      var kept = try (0..<3).map { _ in try FastCGIClient.connection(to: path) }
      for turn in 0..<20 {
        for connection in kept {
          let answer = try FastCGIClient.request(on: connection, parameters: parameters)
          XCTAssertTrue(answer.hasPrefix("Status: 404 Not Found\r\n"), "\(turn): \(answer)")
        }
        XCTAssertTrue(try ask().hasPrefix("Status: 404"), "on the last place, turn \(turn)")
      }
      worker.signal(SIGTERM)
      kept = []
      XCTAssertEqual(worker.wait(seconds: 20), 0, program)
    }
  }

  func testWhoFindsNoPlaceIsServedWhenThereIsOne() throws {
    let listener = try Socket(listeningAt: path)
    let worker = try startWorker(listener, "shortener", ["WORKER_CONNECTIONS": "2"])
    var kept = try (0..<2).map { _ in try FastCGIClient.connection(to: path) }
    for connection in kept {
      _ = try FastCGIClient.request(on: connection, parameters: parameters)
    }
    let load = Load { try self.ask().hasPrefix("Status: 404 Not Found\r\n") }
    Thread.sleep(forTimeInterval: 0.3)
    XCTAssertTrue(
      try FastCGIClient.request(on: kept[1], parameters: parameters).hasPrefix("Status: 404"))
    kept.removeFirst()
    // More than the four who may have waited, so that the place is free again each time.
    XCTAssertTrue(eventually(seconds: 30) { load.answered > 4 })
    XCTAssertEqual(load.stop(), [])
    worker.signal(SIGTERM)
    kept = []
    XCTAssertEqual(worker.wait(seconds: 20), 0)
  }

  /// The peer may have sent a request that it must not send again: it is the one to close.
  func testAStoppingWorkerServesWhatItsPeersKeepAndAcceptsNoMore() throws {
    let listener = try Socket(listeningAt: path)
    let worker = try startWorker(listener)
    var kept: [Socket] = [try FastCGIClient.connection(to: path)]
    _ = try FastCGIClient.request(on: kept[0], parameters: parameters)
    worker.signal(SIGTERM)
    Thread.sleep(forTimeInterval: 0.3)
    let sibling = try startWorker(listener)
    for _ in 0..<50 {
      let answer = try FastCGIClient.request(on: kept[0], parameters: parameters)
      XCTAssertTrue(answer.hasPrefix("Status: 404 Not Found\r\n"), answer)
      XCTAssertTrue(try ask().hasPrefix("Status: 404"))
    }
    kept = []
    XCTAssertEqual(worker.wait(seconds: 20), 0)
    sibling.signal(SIGTERM)
    XCTAssertEqual(sibling.wait(seconds: 20), 0)
  }

  func testAnOrphanEndsWhenAnotherSocketIsInThePlaceOfItsOwn() throws {
    let listener = try Socket(listeningAt: path)
    let (supervisor, worker) = try startUnderShell(listener)
    defer { kill(worker, SIGKILL) }
    XCTAssertTrue(try ask().hasPrefix("Status: 404"))
    // As long as its parent lives, which may start it again on the same socket, it stays.
    unlink(path)
    let second = try Socket(listeningAt: path)
    XCTAssertTrue(try looks(8, worker, "getppid("))
    XCTAssertTrue(isRunning(worker))
    unlink(path)
    supervisor.signal(SIGKILL)
    XCTAssertNotNil(supervisor.wait(seconds: 10))
    // And an orphan does while there is no other socket.
    XCTAssertTrue(try looks(8, worker, "pool.sock\""))
    XCTAssertTrue(isRunning(worker))
    let third = try Socket(listeningAt: path)
    XCTAssertTrue(eventually(seconds: 20) { !isRunning(worker) })
    withExtendedLifetime((second, third)) {}
  }

  /// Waits until a worker has looked so often for what would end it; it goes after four looks.
  private func looks(_ count: Int, _ worker: pid_t, _ call: String) throws -> Bool {
    let trace = try CallTrace(worker, "getppid,stat,newfstatat")
    defer { _ = trace.end() }
    return eventually(seconds: 60) { trace.calls.count { $0.contains(call) } >= count }
  }

  /// A worker with a parent that can be killed.
  private func startUnderShell(_ listener: Socket) throws -> (shell: ChildProcess, worker: pid_t) {
    let file = folder.appendingPathComponent("worker.pid").path
    let program = TestStack.programs.appendingPathComponent("shortener").path
    let shell = try ChildProcess(
      "/bin/sh", ["-c", #"exec 3<&0; "$0" <&3 3<&- & echo $! >"$1"; wait"#, program, file],
      environment: environment, input: listener.descriptor)
    var worker: pid_t = 0
    XCTAssertTrue(
      eventually(seconds: 20) {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        worker = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        return worker > 0 && (try? handlesSIGTERM(worker)) == true
      }, "the worker does not start")
    return (shell, worker)
  }

  /// Whether it has not ended; a zombie has.
  private func isRunning(_ pid: pid_t) -> Bool {
    ![nil, "Z"].contains(ProcessTree.state(of: pid))
  }

  func testALogThatNobodyReadsHoldsNoRequestUp() throws {
    let pipe = folder.appendingPathComponent("log").path
    XCTAssertEqual(mkfifo(pipe, 0o600), 0)
    let reader = open(pipe, O_RDWR | O_NONBLOCK)
    defer { close(reader) }
    var page = [UInt8](repeating: 0x20, count: 4096)
    while write(reader, page, page.count) > 0 {}
    XCTAssertEqual(errno, EAGAIN)

    let listener = try Socket(listeningAt: path)
    let worker = try startWorker(
      listener, "shortener", ["LOG_LEVEL": "info", "SHORTENER_ROLE": "lookups"], output: pipe)
    // Redis and PostgreSQL are not there, which is logged.
    let unknown = parameters.map { ($0.0, $0.0 == "REQUEST_URI" ? "/abc1234" : $0.1) }
    for _ in 0..<3 {
      let answer = try FastCGIClient.request(socket: path, parameters: unknown)
      XCTAssertTrue(answer.hasPrefix("Status: 503"), answer)
    }
    while read(reader, &page, page.count) > 0 {}
    // What it logs next says how many lines there would have been.
    unlink(path)
    let other = try Socket(listeningAt: path)
    var text = ""
    XCTAssertTrue(
      eventually(seconds: 20) {
        let count = read(reader, &page, page.count)
        text += String(decoding: page.prefix(max(0, count)), as: UTF8.self)
        return text.contains(#""lines_let_go":""#)
      }, text)
    worker.signal(SIGTERM)
    XCTAssertEqual(worker.wait(seconds: 20), 0)
    withExtendedLifetime(other) {}
  }

  func testAWorkerKeepsItsMemoryAndItsDescriptorsOverManyRequests() throws {
    let listener = try Socket(listeningAt: path)
    let worker = try startWorker(listener)
    func descriptors() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/\(worker.pid)/fd").count
    }
    func anonymousKilobytes() throws -> Int {
      let status = try String(contentsOfFile: "/proc/\(worker.pid)/status", encoding: .utf8)
      let line = try XCTUnwrap(status.split(separator: "\n").first { $0.hasPrefix("RssAnon") })
      return try XCTUnwrap(Int(line.filter(\.isNumber)))
    }
    for _ in 0..<500 { _ = try ask() }
    let before = (try descriptors(), try anonymousKilobytes())
    for _ in 0..<5000 { _ = try ask() }
    // The last connection may still be closing.
    XCTAssertTrue(try eventually(seconds: 5) { try descriptors() <= before.0 })
    XCTAssertLessThan(try anonymousKilobytes(), before.1 + 512)
  }

  func testAProgramSaysWhatItIsAndWhatItCannotUse() throws {
    for program in ["shortener", "api", "analytics", "relay", "consumer"] {
      let path = TestStack.programs.appendingPathComponent(program).path
      let help = try Command.run(path, ["--help"])
      XCTAssertEqual(help.status, 0)
      XCTAssertTrue(help.output.hasPrefix(program), help.output)
      XCTAssertEqual(try Command.run(path, ["--frobnicate"]).status, 64)
      let wrong = try Command.run(path, [], environment: ["CACHE_TTL": "soon"])
      XCTAssertEqual(wrong.status, 78)
      XCTAssertEqual(
        wrong.output,
        "\(program): CACHE_TTL: \"soon\" won't do; it should be a whole number from 1 to 31536000\n"
      )
    }
  }

  /// Each library where it belongs, and Foundation nowhere near a request.
  func testTheProgramsLinkWhatTheyNeed() throws {
    let libraries = [
      "shortener": ["libfcgi", "libpq", "libhiredis"], "api": ["libfcgi", "libpq", "libhiredis"],
      "analytics": ["libfcgi", "libpq", "libcurl"], "relay": ["librabbitmq"],
      "consumer": ["librabbitmq", "libcurl"],
    ]
    for (program, needed) in libraries {
      let output = try Command.output(
        "/usr/bin/ldd", [TestStack.programs.appendingPathComponent(program).path])
      for library in needed { XCTAssertTrue(output.contains(library), "\(program): \(library)") }
      XCTAssertFalse(output.contains("libFoundation.so"), program)
    }
  }
}

/// Four clients that ask again and again.
///
/// Unchecked, because `lock` is held around every use of what changes.
private final class Load: @unchecked Sendable {
  private let lock = NSLock()
  private let group = DispatchGroup()
  private var isStopped = false
  private var count = 0
  private var failures: [String] = []

  init(_ ask: @escaping () throws -> Bool) {
    nonisolated(unsafe) let ask = ask  // It only reads what the test set up.
    for _ in 0..<4 {
      DispatchQueue.global().async(group: group) { [self] in
        while !(lock.withLock { isStopped }) {
          let outcome = Result { try ask() }
          lock.withLock {
            switch outcome {
            case .success(true): count += 1
            case .success(false): failures.append("another answer")
            case .failure(let error): failures.append("\(error)")
            }
          }
        }
      }
    }
  }

  var answered: Int { lock.withLock { count } }

  /// - Returns: What went wrong.
  func stop() -> [String] {
    lock.withLock { isStopped = true }
    group.wait()
    return lock.withLock { failures }
  }
}
