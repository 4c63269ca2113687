import Foundation
import Synchronization
import TestSupport

/// A supervisord for Swiftlet's own programs alone, as on a host whose engines are the system's.
enum HostSupervisor {
  private static let process = Mutex<ChildProcess?>(nil)
  private static let groups = [
    "shortener", "shortener-lookup", "shortener-api", "shortener-spare", "analytics", "relay",
    "consumer", "invalidator", "dispatcher", "carry",
  ]

  /// The processes of the stack that serve requests, whoever has started them.
  static var workers: Set<pid_t> { StackProcesses.pids(of: ["shortener", "api", "analytics"]) }
  static var others: Set<pid_t> { StackProcesses.pids(of: ["relay", "consumer"]) }

  /// Takes the programs over from the stack's supervisord.
  @Sendable static func take() throws {
    for group in groups { try Supervisor.stop("\(group):*") }
    try start()
  }

  @Sendable static func giveBack() throws {
    process.withLock { process in
      guard let last = process else { return }
      last.signal(SIGTERM)
      if last.wait(seconds: 60) == nil { say("the drill's supervisord has not stopped") }
      process = nil
    }
    for group in groups { try Supervisor.start("\(group):*") }
  }

  static func start() throws {
    let (run, log) = try (TestStack.value("SWIFTLET_RUN"), TestStack.value("SWIFTLET_LOG"))
    let settings = run + "/host.conf"
    try """
    [supervisord]
    nodaemon=true
    silent=true
    logfile=\(log)/host-supervisord.log
    pidfile=\(run)/host-supervisord.pid
    [include]
    files=\(run)/conf.d/*.conf
    """.write(toFile: settings, atomically: true, encoding: .utf8)
    let before = others
    try process.withLock {
      $0 = try ChildProcess(
        "/usr/bin/supervisord", ["-c", settings], output: log + "/host-supervisord.out")
    }
    guard eventually(seconds: 30, { others.subtracting(before).count > 1 }) else {
      throw DrillError("the drill's supervisord does not start relay and consumer")
    }
  }

  static func kill() {
    process.withLock { process in
      process?.signal(SIGKILL)
      _ = process?.wait(seconds: 10)
      process = nil
    }
  }
}
