import Foundation
import TestSupport

/// The harm that a drill does, one method a kind.
///
/// Each returns when the harm is over.
struct Faults {
  var random: SplitMix64

  /// kill -9 of a process and all that it started; supervisord replaces it.
  mutating func kill(_ component: Component, times: Int = 1) throws {
    for turn in 0..<times {
      if turn > 0 { pause(1.5) }
      for pid in ProcessTree.all(of: try component.somePid(&random)) { Glibc.kill(pid, SIGKILL) }
    }
  }

  /// SIGSTOP, and SIGCONT some seconds later.
  mutating func freeze(
    _ component: Component, seconds: Double, meanwhile: () throws -> Void = {}
  ) throws {
    let pids = ProcessTree.all(of: try component.somePid(&random))
    for pid in pids { Glibc.kill(pid, SIGSTOP) }
    defer { for pid in pids { Glibc.kill(pid, SIGCONT) } }
    try meanwhile()
    pause(seconds)
  }

  /// As an operator restarts it: pools one worker after the other, nginx by a reload.
  mutating func restart(_ component: Component) throws {
    if component == .nginx {
      for pid in try Supervisor.pids("nginx") { Glibc.kill(pid, SIGHUP) }
      pause(1)
      return
    }
    for program in try component.programs { try Supervisor.restart(program) }
  }

  /// Lets one call of a component fail with an error, the `count`-th from now.
  mutating func fail(
    _ component: Component, at calls: String, with error: String, count: Int,
    within seconds: Double = 4
  ) throws {
    let pid = try component.somePid(&random)
    let strace = try trace(pid, calls, ["error=\(error)", "when=\(count)"])
    _ = strace.wait(seconds: seconds)
    finish(strace)
  }

  /// SIGSTOP at one of its system calls, the `count`-th from now, and SIGCONT some seconds later:
  /// the call is carried out then.
  mutating func freeze(
    _ component: Component, at calls: String, count: Int, seconds: Double
  ) throws {
    let pid = try component.somePid(&random)
    let strace = try trace(pid, calls, ["signal=STOP", "when=\(count)"])
    let end = Date().addingTimeInterval(4)
    while ProcessTree.state(of: pid) != "T", Date() < end { usleep(2000) }
    pause(seconds)
    finish(strace)
    Glibc.kill(pid, SIGCONT)
  }

  func pause(_ seconds: Double) { usleep(UInt32(seconds * 1_000_000)) }
}
