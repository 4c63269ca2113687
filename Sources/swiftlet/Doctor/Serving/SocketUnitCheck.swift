import Service

/// Checks the sockets that systemd holds for the pools, where it runs the programs.
///
/// Workers that run go on with a socket whose unit has failed or was stopped, and no request fails. But one
/// that ends then is not started again.
struct SocketUnitCheck {
  private static let subject = "systemd sockets"
  private let variables: Variables

  init(_ variables: Variables) {
    self.variables = variables
  }

  /// Empty where another service manager runs the programs, or systemd doesn't tell this user.
  func findings() throws -> [Finding] {
    guard case .systemd = try ServiceManager.found(variables), SystemdEnabling.isActive else {
      return []
    }
    let wanted = Set(try WantedUnits(variables).names)
    let pools = HostProgram.all.filter { SystemdUnit($0).socket.map(wanted.contains) ?? false }
    let findings = pools.compactMap { pool in
      SystemdUnit(pool).socket.flatMap { finding($0, of: pool.section) }
    }
    return findings.isEmpty ? [.ok(Self.subject, "\(pools.count) listen")] : findings
  }

  private func finding(_ socket: String, of pool: String) -> Finding? {
    guard
      let run = try? ProgramRun.run(
        "systemctl", ["show", "--property=ActiveState,Result", socket]), run.status == 0
    else { return nil }
    let properties = run.output.split(separator: "\n").map(String.init)
    guard !properties.contains("ActiveState=active"),
      let state = properties.first(where: { $0.hasPrefix("ActiveState=") })?.dropFirst(12)
    else { return nil }
    let result = properties.first { $0.hasPrefix("Result=") }?.dropFirst(7) ?? "success"
    let reason = result == "success" ? "" : " (\(result))"
    return .warning(
      Self.subject, "\(socket) is \(state)\(reason): a worker that ends is not started again",
      do: "\(Advice.restart(pool)), which makes the socket")
  }
}
