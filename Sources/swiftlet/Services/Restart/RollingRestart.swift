import ArgumentParser
import Glibc
import Service

/// Restarts processes one after the other, each when the one before it serves.
struct RollingRestart {
  let control: any ProcessControl
  /// The directory of the pools' sockets.
  let sockets: String
  /// How long a process may take until it serves, in milliseconds.
  var limit: Int64 = 30_000

  /// - Parameters:
  ///   - programs: In this order.
  ///   - tell: Gets a line of progress for each process.
  /// - Throws: `ServiceError` at the first process that doesn't come back; the rest stays as it was.
  func restart(_ programs: [HostProgram], tell: (String) -> Void) throws {
    try control.prepare()
    let processes = try programs.map { try control.processes(of: $0) }
    for (program, names) in zip(programs, processes) where !names.isEmpty {
      guard let socket = program.socket else { continue }
      let isThere = access("\(sockets)/\(socket)", F_OK) == 0
      if try isThere && control.holdsSocket(of: program) { continue }
      try control.renewSocket(of: program)
      tell("the socket of \(program.section) is made anew")
    }
    let total = processes.map(\.count).reduce(0, +)
    var number = 0
    for (program, names) in zip(programs, processes) {
      for name in names {
        guard !Signals.stopRequested else { throw Self.interruption(total - number, of: total) }
        number += 1
        try control.restart(name)
        do {
          try awaitServing(name, of: program)
        } catch let error as ServiceError {
          let rest = total - number
          throw ServiceError(
            error.description + (rest == 0 ? "" : "; \(rest) more were left as they were"))
        } catch {
          throw Signals.stopRequested ? Self.interruption(total - number, of: total) : error
        }
        tell("\(number) of \(total): \(name) is back")
      }
      try control.stopOthers(of: program)
    }
  }

  /// Returns when a process serves.
  ///
  /// - Throws: `ServiceError` when it has ended, or doesn't serve in time.
  func awaitServing(_ name: String, of program: HostProgram) throws {
    let end = SystemClock.bootMilliseconds() + limit
    while true {
      let state = try control.state(of: name)
      if case .running(let pid) = state, ServingProcess(pid: pid).serves(program) { return }
      let reason: String
      switch state {
      case .running: reason = "it runs, but does not serve"
      case .starting(let text): reason = text
      case .ended(let text):
        if program.endsByItself { return }
        throw lost(name, text)
      }
      guard !Signals.stopRequested else { throw Outcome.interrupted }
      guard SystemClock.bootMilliseconds() < end else { throw lost(name, reason) }
      Pause.milliseconds(50)
    }
  }

  private static func interruption(_ rest: Int, of total: Int) -> ExitCode {
    Outcome.note("Interrupted: \(rest) of \(total) were left as they were.")
    return Outcome.interrupted
  }

  private func lost(_ name: String, _ reason: String) -> ServiceError {
    ServiceError("\(name) does not come back (\(reason)): see \(control.log(of: name))")
  }
}
