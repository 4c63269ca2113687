import Foundation
package import Glibc

/// A pool's socket with workers on it, as supervisord has them, and no nginx in front.
///
/// Journals and state lie in a directory of the pool's own. Where a test names no engine, there is none.
/// Visits without a link are not counted unless a test says so: its journals have clicks of links.
package final class WorkerPool {
  package let directory: ScratchDirectory
  /// The path of the socket.
  package let socket: String
  /// The socket that workers accept on; a worker that is started later shares it.
  package private(set) var listener: Socket
  private let program: String
  private let variables: [String: String]

  /// Opens the socket; no worker is started.
  ///
  /// - Parameters:
  ///   - program: Its workers' program.
  ///   - variables: Each worker's environment, in addition to defaults that lead nowhere.
  /// - Throws: When the socket can't be opened.
  package init(_ program: String = "shortener", _ variables: [String: String] = [:]) throws {
    self.program = program
    directory = try ScratchDirectory("pool")
    socket = directory("pool.sock")
    listener = try Socket(listeningAt: socket)
    self.variables = [
      "JOURNAL_DIR": directory("journal"), "STATE_DIR": directory("state"),
      "SWIFTLET_ENV": "/dev/null", "LOG_LEVEL": "critical", "TRACK_ORPHAN_VISITS": "0",
      "PG_DSN": "postgresql:///none?host=\(directory.path)",
      "PG_LOOKUP_DSN": "", "PG_API_DSN": "", "PG_ANALYTICS_DSN": "", "PG_DISPATCHER_DSN": "",
      "REDIS_URL": "unix://\(directory("none.sock"))",
      "CLICKHOUSE_URL": "http://default@127.0.0.1:1/swiftlet",
    ].merging(variables) { _, own in own }
  }

  /// The directory of the workers' journals.
  package var journals: String { directory("journal") }

  /// What a worker's process has in its environment.
  package func environment(_ others: [String: String] = [:]) -> [String: String] {
    variables.merging(others) { _, other in other }
  }

  /// Starts one more worker, and returns when it serves.
  ///
  /// - Parameters:
  ///   - others: Laid over the pool's variables.
  ///   - output: The file for what it logs; the test's own output when nil.
  /// - Returns: Its process, which ends with the reference.
  /// - Throws: `NotServing` when it doesn't within a minute.
  package func start(
    _ others: [String: String] = [:], output: String? = nil
  ) throws -> ChildProcess {
    try start(together: 1, others, output: output)[0]
  }

  /// The same with several that start at the same moment.
  package func start(
    together count: Int, _ others: [String: String] = [:], output: String? = nil
  ) throws -> [ChildProcess] {
    let path = TestStack.programs.appendingPathComponent(program).path
    let workers = try (0..<count).map { _ in
      try ChildProcess(
        path, environment: environment(others), input: listener.descriptor, output: output)
    }
    guard eventually(seconds: 60, { workers.allSatisfy { Self.serves($0.pid) } }) else {
      throw NotServing(program: program)
    }
    return workers
  }

  /// Lets another socket take the place of this one, as the next supervisord does.
  ///
  /// Workers go on to accept on the one that they have.
  package func replaceSocket() throws { listener = try Socket(listeningAt: socket) }

  package func removeSocket() { unlink(socket) }

  /// How many connections there are to the socket, accepted or not.
  package func connections() throws -> Int {
    // A part at a time: a kernel's file has no length.
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/net/unix"))
    let sockets = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
    // One of them is the one that listens; connections have its path.
    return sockets.split(separator: "\n").count { $0.hasSuffix(" \(socket)") } - 1
  }

  /// Whether a worker waits for requests: it has a handler for SIGTERM from then on.
  package static func serves(_ pid: pid_t) -> Bool {
    let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
    let mask = line.flatMap { UInt64($0.dropFirst(7).filter(\.isHexDigit), radix: 16) } ?? 0
    return mask & 1 << UInt64(SIGTERM - 1) != 0
  }

  /// Whether a worker takes connections: it watches the listening socket, which it has as 0.
  package static func accepts(_ pid: pid_t) -> Bool {
    let directory = "/proc/\(pid)/fdinfo"
    let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return descriptors.contains { name in
      // That of an epoll tells of what it watches.
      let text = (try? String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8)) ?? ""
      return text.split(separator: "\n").contains { line in
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        return words.first == "tfd:" && words.dropFirst().first == "0"
      }
    }
  }

  package struct NotServing: Error {
    package let program: String
  }
}

extension WorkerPool {
  /// A path that no endpoint has, so that no engine is asked.
  package static let nowhere = "/no/such/path"

  /// What nginx sends with a request.
  package static func parameters(
    _ target: String = nowhere, method: String = "GET", _ others: [(String, String)] = []
  ) -> [(String, String)] {
    [
      ("REQUEST_METHOD", method), ("REQUEST_URI", target), ("REMOTE_ADDR", "192.0.2.1"),
      ("REQUEST_ID", String(repeating: "0", count: 32)),
    ] + others
  }

  /// Asks on a connection of its own.
  ///
  /// - Returns: The answer: `Status: …`, other header lines, a blank one, the body.
  package func ask(
    _ target: String = nowhere, _ others: [(String, String)] = []
  ) throws -> String {
    try FastCGIClient.request(socket: socket, parameters: Self.parameters(target, others))
  }

  /// The lines of all journals.
  package func clicks() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: journals)
      .filter { $0.hasSuffix(".ndjson") }
      .flatMap { name in
        try String(contentsOfFile: "\(journals)/\(name)", encoding: .utf8)
          .split(separator: "\n").map(String.init)
      }
  }
}
