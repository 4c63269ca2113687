import Files
import Glibc
import Service

/// Our units, by `systemctl`.
struct SystemdControl: ProcessControl {
  let variables: Variables

  func prepare() throws {
    guard try SystemdUnit.isActive(SystemdFiles.target) else {
      throw ServiceError("systemd does not run \(SystemdFiles.target): swiftlet enable")
    }
    // Runs the generator, which reads the numbers of processes.
    try ProgramRun.check("systemctl", ["daemon-reload"])
    let sockets = try WantedUnits(variables).names.filter { $0.hasSuffix(".socket") }
    // One that was stopped can't be started while its workers run: `holdsSocket` tells.
    _ = try ProgramRun.run("systemctl", ["start"] + sockets)
  }

  func processes(of program: HostProgram) throws -> [String] {
    SystemdUnit(program).instances(try program.count(variables))
  }

  func restart(_ process: String) throws {
    let result = try ProgramRun.run("systemctl", ["restart", process])
    // Of a unit that could not be started, `state` tells more.
    guard result.status != 0, try state(of: process) == .ended("not started") else { return }
    throw ServiceError("systemctl restart \(process): \(result.reason)")
  }

  func state(of process: String) throws -> ProcessState {
    let lines = try ProgramRun.check(
      "systemctl",
      ["show", "--property=ActiveState,MainPID,ExecMainStatus,Result", process])
    var properties: [String: String] = [:]
    for line in lines.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { properties[String(parts[0])] = String(parts[1]) }
    }
    let pid = properties["MainPID"].flatMap { pid_t($0) } ?? 0
    switch properties["ActiveState"] {
    case "active" where pid > 0, "reloading" where pid > 0: return .running(pid)
    case "activating", "deactivating", "active":
      return .starting("it is being started again and again")
    case "failed":
      let status = properties["ExecMainStatus"] ?? "?"
      return .ended("\(properties["Result"] ?? "failed"), status \(status)")
    default: return .ended("not started")
    }
  }

  func holdsSocket(of program: HostProgram) throws -> Bool {
    guard let socket = SystemdUnit(program).socket else { return true }
    return try SystemdUnit.isActive(socket) && isOurs(program)
  }

  /// Whether the socket's file has the owner of the settings, who may have been another one.
  private func isOurs(_ program: HostProgram) throws -> Bool {
    guard let name = program.socket, let user = HostUser(named: try variables.text(.user)) else {
      return true
    }
    let path = "\(try variables.text(.socketDirectory))/\(name)"
    return try File.status(of: path).st_uid == user.id
  }

  /// systemd makes no socket while a service of it runs.
  func renewSocket(of program: HostProgram) throws {
    let unit = SystemdUnit(program)
    guard let socket = unit.socket else { return }
    try ProgramRun.check("systemctl", ["stop", socket, unit.pattern])
    try ProgramRun.check("systemctl", ["start", socket])
  }

  func stopOthers(of program: HostProgram) throws {
    let wanted = try processes(of: program)
    let lines = try ProgramRun.check(
      "systemctl",
      [
        "list-units", "--plain", "--no-legend", "--state=active,activating",
        SystemdUnit(program).pattern,
      ])
    let running = lines.split(separator: "\n").compactMap { $0.split(separator: " ").first }
    let others = running.map(String.init).filter { !wanted.contains($0) }
    guard !others.isEmpty else { return }
    // The socket would start an instance again.
    let socket = wanted.isEmpty ? SystemdUnit(program).socket : nil
    try ProgramRun.check("systemctl", ["stop"] + [socket].compactMap { $0 } + others)
  }

  func log(of process: String) -> String { "journalctl -u \(process)" }
}
