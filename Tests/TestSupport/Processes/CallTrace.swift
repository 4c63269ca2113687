import Foundation
package import Glibc

/// The system calls of a process, as strace(1) tells of them while they happen.
package final class CallTrace {
  private let strace: ChildProcess
  private let output = NSTemporaryDirectory() + "swiftlet-trace-\(UUID().uuidString)"

  package struct NotFollowed: Error {
    package let pid: pid_t
  }

  /// Begins to follow a process and all of its threads.
  ///
  /// - Parameters:
  ///   - pid: The process.
  ///   - calls: As strace has them after `trace=`.
  ///   - microseconds: By how much each of the calls begins later.
  ///   - number: Which of them alone is late, counted from 1; nil for each.
  /// - Throws: When strace can't follow it.
  package init(
    _ pid: pid_t, _ calls: String, delayedBy microseconds: Int? = nil, only number: Int? = nil
  ) throws {
    let choice = number.map { ":when=\($0)" } ?? ""
    let delay = microseconds.map { ["-e", "inject=\(calls):delay_enter=\($0)\(choice)"] } ?? []
    strace = try ChildProcess(
      "/usr/bin/strace",
      ["-f", "-qq", "-y", "-p", "\(pid)", "-e", "trace=\(calls)", "-o", output] + delay)
    let isFollowed = eventually(seconds: 20) {
      let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
      return status?.contains("TracerPid:\t\(strace.pid)\n") == true
    }
    guard isFollowed else { throw NotFollowed(pid: pid) }
  }

  deinit { unlink(output) }

  /// Those until now, a line each.
  package var calls: [String] {
    let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  /// Lets the process alone.
  ///
  /// - Returns: All its calls, a line each.
  package func end() -> [String] {
    strace.signal(SIGTERM)
    _ = strace.wait(seconds: 10)
    return calls
  }
}
