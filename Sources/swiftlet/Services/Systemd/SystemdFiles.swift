import Service

/// systemd's files for the programs of a host: a socket and a template for each pool, a service for
/// each other program, and the target of all.
///
/// How many instances of a template run is decided by the generator (`WantedUnits`).
struct SystemdFiles {
  static let target = "swiftlet.target"
  /// What the programs read where no settings file is known: the one of the package.
  private static let settingsFile = "/etc/swiftlet/swiftlet.env"

  let all: [ServiceFile]

  init(_ layout: HostLayout) {
    let lines = SystemdLines(layout, settingsFile: layout.settingsFile ?? Self.settingsFile)
    var files = [
      ServiceFile(name: "system/" + Self.target, text: SystemdLines.target),
      ServiceFile(
        name: "system-generators/swiftlet-generator", text: lines.generator, isExecutable: true),
    ]
    for program in HostProgram.all {
      let unit = SystemdUnit(program)
      files.append(ServiceFile(name: "system/" + unit.file, text: lines.service(unit)))
      if let socket = unit.socket {
        files.append(ServiceFile(name: "system/" + socket, text: lines.socket(unit)))
      }
    }
    all = files
  }
}
