import Foundation
import TestSupport
import XCTest

/// How the pool's workers end, without losing a request.
final class StopProcessTests: XCTestCase {
  private let isNotFound = { (answer: String) in answer.hasPrefix("Status: 404 Not Found\r\n") }

  func testSIGTERMUnderLoadLosesNoRequestAndLeavesNoWorkerBehind() throws {
    let pool = try WorkerPool()
    var workers = try pool.start(together: 4)
    let askers = Askers(of: pool)
    for round in 0..<60 {
      let index = round % workers.count
      workers[index].signal(SIGTERM)
      let status = workers[index].wait(seconds: 20)
      XCTAssertEqual(status, 0, "round \(round)")
      workers[index] = try pool.start()
    }
    XCTAssertTrue(eventually(seconds: 30) { askers.answered > 100 })
    XCTAssertEqual(askers.stop(), [])
    for worker in workers { worker.signal(SIGTERM) }
    for worker in workers { XCTAssertEqual(worker.wait(seconds: 20), 0) }
  }

  func testEachPoolStopsWhenIdle() throws {
    for program in ["shortener", "api", "analytics"] {
      let pool = try WorkerPool(program)
      let worker = try pool.start()
      XCTAssertTrue(try pool.ask().hasPrefix("Status: 404"))
      worker.signal(SIGTERM)
      XCTAssertEqual(worker.wait(seconds: 20), 0, program)
    }
  }

  /// The peer may have sent a request that it must not send again: it is the one to close.
  func testAStoppingWorkerServesWhatItsPeersKeepAndAcceptsNoMore() throws {
    let pool = try WorkerPool()
    let worker = try pool.start()
    var kept: [Socket] = [try FastCGIClient.connection(to: pool.socket)]
    func askOnTheKeptOne() throws {
      let answer = try FastCGIClient.request(on: kept[0], parameters: WorkerPool.parameters())
      XCTAssertTrue(isNotFound(answer), answer)
    }
    try askOnTheKeptOne()
    worker.signal(SIGTERM)
    XCTAssertTrue(eventually(seconds: 30) { !WorkerPool.accepts(worker.pid) })
    let next = try FastCGIClient.connection(to: pool.socket)
    try FastCGIClient.send(on: next, parameters: WorkerPool.parameters(), isLast: true)
    for _ in 0..<50 { try askOnTheKeptOne() }
    XCTAssertFalse(next.isReadable, "a stopping worker has accepted a connection")
    let sibling = try pool.start()
    XCTAssertTrue(isNotFound(try FastCGIClient.answer(on: next)))
    for _ in 0..<50 {
      try askOnTheKeptOne()
      XCTAssertTrue(try isNotFound(pool.ask()))
    }
    kept = []
    XCTAssertEqual(worker.wait(seconds: 20), 0)
    sibling.signal(SIGTERM)
    XCTAssertEqual(sibling.wait(seconds: 20), 0)
  }

  func testAnOrphanEndsWhenAnotherSocketIsInThePlaceOfItsOwn() throws {
    let pool = try WorkerPool()
    let first = pool.listener
    let (supervisor, worker) = try startUnderShell(pool)
    defer { kill(worker, SIGKILL) }
    XCTAssertTrue(try pool.ask().hasPrefix("Status: 404"))
    // As long as its parent lives, which may start it again on the same socket, it stays.
    pool.removeSocket()
    try pool.replaceSocket()
    XCTAssertTrue(try looks(8, worker, "getppid("))
    XCTAssertTrue(isRunning(worker))
    pool.removeSocket()
    supervisor.signal(SIGKILL)
    XCTAssertNotNil(supervisor.wait(seconds: 10))
    // And an orphan does while there is no other socket.
    XCTAssertTrue(try looks(8, worker, "pool.sock\""))
    XCTAssertTrue(isRunning(worker))
    try pool.replaceSocket()
    XCTAssertTrue(eventually(seconds: 20) { !isRunning(worker) })
    withExtendedLifetime(first) {}
  }

  /// Waits until a worker has looked so often for what would end it; it goes after four looks.
  private func looks(_ count: Int, _ worker: pid_t, _ call: String) throws -> Bool {
    let trace = try CallTrace(worker, "getppid,stat,newfstatat")
    defer { _ = trace.end() }
    return eventually(seconds: 60) { trace.calls.count { $0.contains(call) } >= count }
  }

  /// A worker with a parent that can be killed.
  private func startUnderShell(_ pool: WorkerPool) throws -> (shell: ChildProcess, worker: pid_t) {
    let file = pool.directory("worker.pid")
    let program = TestStack.programs.appendingPathComponent("shortener").path
    let shell = try ChildProcess(
      "/bin/sh", ["-c", #"exec 3<&0; "$0" <&3 3<&- & echo $! >"$1"; wait"#, program, file],
      environment: pool.environment(), input: pool.listener.descriptor)
    var worker: pid_t = 0
    XCTAssertTrue(
      eventually(seconds: 20) {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        worker = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        return worker > 0 && WorkerPool.serves(worker)
      }, "the worker does not start")
    return (shell, worker)
  }

  /// Whether it has not ended; a zombie has.
  private func isRunning(_ pid: pid_t) -> Bool {
    ![nil, "Z"].contains(ProcessTree.state(of: pid))
  }
}
