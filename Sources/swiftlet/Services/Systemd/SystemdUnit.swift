import Service

/// The names of a program's units.
struct SystemdUnit {
  let program: HostProgram

  init(_ program: HostProgram) {
    self.program = program
  }

  private var name: String { "swiftlet-" + program.section }
  /// A program whose number is a setting has a template, with an instance for each process.
  private var isTemplate: Bool { program.processes != nil }

  var file: String { isTemplate ? "\(name)@.service" : "\(name).service" }
  var socket: String? { program.isPool ? "\(name).socket" : nil }
  /// The instance that systemd starts when somebody connects and none runs.
  var firstInstance: String { "\(name)@1.service" }

  /// The units of its processes.
  func instances(_ count: Int) -> [String] {
    guard isTemplate else { return [file] }
    return (0..<count).map { "\(name)@\($0 + 1).service" }
  }

  /// Whether systemd runs a unit.
  static func isActive(_ unit: String) throws -> Bool { try says("is-active", of: unit) }

  /// Whether systemd starts a unit at each boot.
  static func isEnabled(_ unit: String) throws -> Bool { try says("is-enabled", of: unit) }

  private static func says(_ question: String, of unit: String) throws -> Bool {
    try ProgramRun.run("systemctl", [question, "--quiet", unit]).status == 0
  }

  /// A pattern of all its instances, also of those that are too many by now.
  var pattern: String { isTemplate ? "\(name)@*.service" : file }
}
