import Foundation
import TestSupport

/// Kills at one system call, exactly.
extension Faults {
  /// Kills a component at one of its system calls, the `count`-th from now.
  ///
  /// The call itself is not carried out: a kill "after" one is a kill at the next.
  ///
  /// - Returns: Whether it came to that within the time.
  mutating func kill(
    _ component: Component, at calls: String, count: Int, within seconds: Double = 30
  ) throws -> Bool {
    try kill(try component.somePid(&random), at: calls, count: count, within: seconds)
  }

  /// Kills a component right after one of its system calls, with all done that the call does.
  ///
  /// - Returns: Whether it came to that within the time.
  mutating func kill(
    _ component: Component, after calls: String, within seconds: Double = 30
  ) throws -> Bool {
    try kill(try component.somePid(&random), after: calls, within: seconds)
  }

  /// Kills a worker at the write of a click into its journal: instead of it, or right after it.
  ///
  /// - Returns: Whether it came to that within the time.
  mutating func killAtJournal(
    of component: Component = .worker, before: Bool, within seconds: Double = 10
  ) throws -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
      let pid = try component.somePid(&random)
      guard let journal = Self.journal(of: pid) else {
        usleep(10_000)
        continue
      }
      // A journal that ends meanwhile is written no more: then another worker.
      let isReached =
        before
        ? try kill(pid, at: "write", count: 1, path: journal, within: 2)
        : try kill(pid, after: "write", path: journal, within: 2)
      if isReached { return true }
    }
    return false
  }

  private func kill(
    _ pid: pid_t, at calls: String, count: Int, path: String? = nil, within seconds: Double
  ) throws -> Bool {
    let strace = try trace(pid, calls, ["signal=KILL", "when=\(count)"], path: path)
    defer { finish(strace) }
    return strace.wait(seconds: seconds) != nil && isGone(pid)
  }

  private func kill(
    _ pid: pid_t, after calls: String, path: String? = nil, within seconds: Double
  ) throws -> Bool {
    // The tracer holds it at the end of the call for long enough to be found there.
    let strace = try trace(pid, calls, ["delay_exit=3000000", "when=1"], path: path)
    defer { finish(strace) }
    let deadline = Date().addingTimeInterval(seconds)
    var held = 0
    while held < 20, Date() < deadline {
      held = ProcessTree.state(of: pid) == "t" ? held + 1 : 0
      usleep(5000)
    }
    guard held >= 20 else { return false }
    Glibc.kill(pid, SIGKILL)
    return strace.wait(seconds: 5) != nil && isGone(pid)
  }

  /// Lets strace tamper with the calls of a process, as strace(1) has it under `inject=`; with
  /// those alone that use `path`, if there is one.
  func trace(
    _ pid: pid_t, _ calls: String, _ tampering: [String], path: String? = nil
  ) throws -> ChildProcess {
    try ChildProcess(
      "/usr/bin/strace",
      ["-f", "-qq", "-p", "\(pid)"] + (path.map { ["-P", $0] } ?? [])
        + ["-e", "trace=\(calls)", "-e", "inject=\(calls):\(tampering.joined(separator: ":"))"],
      output: "/dev/null")
  }

  func finish(_ strace: ChildProcess) {
    strace.signal(SIGTERM)
    _ = strace.wait(seconds: 5)
  }

  private func isGone(_ pid: pid_t) -> Bool {
    eventually(seconds: 2) { [nil, "Z"].contains(ProcessTree.state(of: pid)) }
  }

  /// The journal that a worker writes at the moment.
  private static func journal(of pid: pid_t) -> String? {
    let directory = "/proc/\(pid)/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.lazy
      .compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/\($0)")
      }
      .first { $0.hasSuffix(".ndjson") }
  }
}
