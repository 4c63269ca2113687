import Service

/// Hands the programs to the service manager, and waits until they serve.
struct EnableStep: SetupStep {
  let title = "Programs: running, now and after each boot"
  /// Whether supervisord is to run them; else systemd, unless supervisord does already.
  let bySupervisord: Bool

  func run(_ host: SetupHost, isDry: Bool) throws -> SetupResult {
    let found = try ServiceManager.found(host.variables)
    let manager = bySupervisord ? found.orSupervisord : found
    guard !isDry else { return .made("what the service manager lacks", isDry: true) }
    var lines: [String] = []
    try Enabling(layout: try HostLayout(host.variables)).enable(manager) { lines.append($0) }
    return .ok(lines.last ?? "they run", remarks: lines.dropLast())
  }
}
