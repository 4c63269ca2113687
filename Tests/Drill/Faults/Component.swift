import Foundation
import TestSupport

/// A part of the stack that a drill does harm to.
enum Component: String, CaseIterable {
  case worker, lookup, api, spare, postgres, redis, rabbitmq, clickhouse, relay, consumer, nginx
  case invalidator, dispatcher

  /// How supervisord's names of it begin.
  private var prefix: String {
    switch self {
    case .worker: "shortener:"
    case .lookup: "shortener-lookup:"
    case .api: "shortener-api:"
    case .spare: "shortener-spare:"
    case .postgres, .redis, .rabbitmq, .clickhouse: "engines:\(rawValue)"
    case .relay, .consumer, .nginx, .invalidator, .dispatcher: rawValue
    }
  }

  /// The section of swiftlet.conf that starts it; nil for an engine.
  var section: String? {
    switch self {
    case .worker: "fcgi-program:shortener"
    case .lookup: "fcgi-program:shortener-lookup"
    case .api: "fcgi-program:shortener-api"
    case .spare: "fcgi-program:shortener-spare"
    case .relay, .consumer, .invalidator, .dispatcher: "program:\(rawValue)"
    case .postgres, .redis, .rabbitmq, .clickhouse, .nginx: nil
    }
  }

  /// The role that swiftlet.conf gives it; nil for a program without one.
  var role: String? {
    switch self {
    case .worker: "redirects"
    case .lookup: "lookups"
    case .spare: "retries"
    case .api, .postgres, .redis, .rabbitmq, .clickhouse, .relay, .consumer, .nginx, .invalidator,
      .dispatcher:
      nil
    }
  }

  var programs: [String] { get throws { try Supervisor.names(prefix) } }

  /// The processes that run, one a program; of nginx its workers.
  var pids: [pid_t] {
    get throws {
      let pids = try Supervisor.pids(prefix)
      return self == .nginx ? pids.flatMap(ProcessTree.children) : pids
    }
  }

  /// Waits until it runs, and returns one of its processes.
  ///
  /// Of the workers it is a busy one, since a few of them serve most connections.
  func somePid(_ random: inout SplitMix64) throws -> pid_t {
    var found: [pid_t] = []
    guard
      try eventually(
        seconds: 30,
        {
          found = try self == .worker ? Self.busy(pids) : pids
          return !found.isEmpty
        }), let pid = found.randomElement(using: &random)
    else { throw DrillError("\(rawValue) does not run") }
    return pid
  }

  /// Does something while its programs are stopped, and starts them again whatever comes of it.
  func whileStopped<Result>(_ body: () throws -> Result) throws -> Result {
    let programs = try programs
    for program in programs { try Supervisor.stop(program) }
    defer {
      for program in programs {
        do { try Supervisor.start(program) } catch { say("start \(program): \(error)") }
      }
    }
    return try body()
  }

  /// Those that write within a tenth of a second.
  private static func busy(_ pids: [pid_t]) -> [pid_t] {
    let before = pids.map(writes)
    usleep(100_000)
    return zip(pids, before).filter { pid, before in writes(pid) > before }.map(\.0)
  }

  /// How many times a process has written.
  private static func writes(_ pid: pid_t) -> Int {
    let text = (try? String(contentsOfFile: "/proc/\(pid)/io", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("syscw:") }
    return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
  }
}

extension Component {
  /// What harm to it does to edits of links.
  var editDelay: EditHistory.Delay {
    switch self {
    case .postgres: .commit
    case .redis: .announcement
    case .worker, .lookup, .api, .spare, .nginx, .rabbitmq, .clickhouse, .relay, .consumer,
      .invalidator, .dispatcher:
      .none
    }
  }
}
