import Files
import Glibc
import Service

/// Our units at systemd.
struct SystemdEnabling {
  let layout: HostLayout

  /// Where a package has its units, and where those of an operator win over them.
  private static let packaged = "/usr/lib/systemd"
  private static let own = "/etc/systemd"

  /// Whether systemd runs the programs.
  static var isActive: Bool { isBooted && (try? SystemdUnit.isActive(SystemdFiles.target)) == true }

  /// Whether systemd would run the programs after the next boot.
  static var isEnabled: Bool {
    isBooted && (try? SystemdUnit.isEnabled(SystemdFiles.target)) == true
  }

  private static var isBooted: Bool { access("/run/systemd/system", F_OK) == 0 }

  func enable(tell: (String) -> Void) throws {
    guard Self.isBooted else {
      throw ServiceError(
        "systemd does not run here: swiftlet enable --supervisord", .installation)
    }
    if try write(tell: tell), Self.isActive { tell("what runs takes them by: swiftlet restart") }
    try ProgramRun.check("systemctl", ["daemon-reload"])
    try ProgramRun.check("systemctl", ["enable", "--quiet", SystemdFiles.target])
    // Of a unit that doesn't start, its state tells more than this.
    _ = try ProgramRun.run(
      "systemctl", ["start", SystemdFiles.target] + WantedUnits(layout.variables).names)
    tell("systemd starts \(SystemdFiles.target) at each boot")
  }

  /// Writes the units where the package's differ; systemd takes them at the next `daemon-reload`.
  ///
  /// - Returns: Whether there was one to write.
  @discardableResult
  func write(tell: (String) -> Void) throws -> Bool {
    var hasWritten = false
    for file in SystemdFiles(layout).all {
      if file.isWritten(below: Self.packaged) {
        try file.remove(below: Self.own)
      } else if !file.isWritten(below: Self.own) {
        try file.write(below: Self.own)
        tell("wrote \(Self.own)/\(file.name)")
        hasWritten = true
      }
    }
    return hasWritten
  }

  func disable(tell: (String) -> Void) throws {
    guard Self.isBooted else {
      throw ServiceError("systemd does not run here: nothing is enabled", .installation)
    }
    try ProgramRun.check("systemctl", ["disable", "--now", "--quiet", SystemdFiles.target])
    // The target's end doesn't wait for that of the programs.
    let units = HostProgram.all.map(SystemdUnit.init)
    try ProgramRun.check("systemctl", ["stop"] + units.compactMap(\.socket) + units.map(\.pattern))
    for file in SystemdFiles(layout).all { try file.remove(below: Self.own) }
    try ProgramRun.check("systemctl", ["daemon-reload"])
    tell("the programs are stopped")
  }
}
