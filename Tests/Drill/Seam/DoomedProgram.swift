import Foundation
import TestSupport

/// A program of Swiftlet's that a drill starts, to be killed at one of its system calls.
struct DoomedProgram {
  let name: String
  var arguments: [String] = []
  /// Laid over the stack's own.
  var variables: [String: String] = [:]

  enum End: Equatable {
    case killed
    case ended(Int32)
    /// It has come past the call, or never to it.
    case survived
  }

  /// Starts it, and kills it instead of one of its calls, the `count`-th of its life.
  ///
  /// - Parameters:
  ///   - calls: Their names, as strace has them.
  ///   - count: Which one.
  ///   - seconds: How long it may take; then it is killed anyhow.
  /// - Returns: How it has ended.
  /// - Throws: When it can't be started.
  func run(dyingAt calls: String, _ count: Int, within seconds: Double) throws -> End {
    let strace = try ChildProcess(
      "/usr/bin/strace",
      [
        "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(calls)", "-e",
        "inject=\(calls):signal=KILL:when=\(count)",
        try TestStack.value("SWIFTLET_BIN") + "/" + name,
      ] + arguments, environment: variables,
      output: try TestStack.value("SWIFTLET_LOG") + "/\(name)-doomed.log")
    if let status = strace.wait(seconds: seconds) {
      return status == 128 + SIGKILL ? .killed : .ended(status)
    }
    // The program itself first: its tracer ends with it.
    for pid in ProcessTree.all(of: strace.pid) where pid != strace.pid { Glibc.kill(pid, SIGKILL) }
    if strace.wait(seconds: 10) == nil { throw DrillError("strace does not end") }
    return .survived
  }
}
