import Files
import Glibc
import Service

/// Our sections in supervisord's directory.
struct SupervisordEnabling {
  let layout: HostLayout
  let directory: String
  /// nil for the machine's own.
  let url: String?

  func enable(tell: (String) -> Void) throws {
    try write(tell: tell)
    try control.check(["update"])
  }

  /// Writes the sections, and starts programs that supervisord doesn't know yet.
  ///
  /// It takes in a changed section by stopping all processes of it. So those stay as they are.
  func renew(tell: (String) -> Void) throws {
    try write(tell: tell)
    var changed: [String] = []
    for line in try control.check(["reread"]).split(separator: "\n") {
      let words = line.split(separator: ":").map { $0.drop { $0 == " " } }
      guard words.count == 2, HostProgram.all.contains(where: { $0.section == words[0] }) else {
        continue
      }
      let name = String(words[0])
      if words[1] == "available" {
        try control.check(["update", name])
        tell("supervisord knows \(name) now")
      } else {
        changed.append(name)
      }
    }
    if !changed.isEmpty {
      tell(
        "supervisord goes on by the former sections of \(changed.joined(separator: ", ")): "
          + "swiftlet enable takes the new ones, and stops each for a moment")
    }
  }

  func disable(tell: (String) -> Void) throws {
    let file = ServiceFile(name: ServiceManager.sectionsFile, text: "")
    // The relay publishes the last clicks of the pools. `update` would stop it before them. What that
    // doesn't stop, as sections that supervisord doesn't know, is told by it.
    let pools = HostProgram.all.filter(\.isPool).map { $0.section + ":*" }
    _ = try control.run(["stop"] + pools)
    try file.remove(below: directory)
    tell("removed \(directory)/\(file.name)")
    try control.check(["update"])
    tell("the programs are stopped")
  }

  private func write(tell: (String) -> Void) throws {
    let file = ServiceFile(
      name: ServiceManager.sectionsFile, text: try SupervisordSections(layout).text)
    // Before anything is written.
    try control.prepare()
    // Below /run it is gone after a boot, and supervisord makes none.
    if !File.exists(layout.sockets) {
      try Directory.make(layout.sockets, mode: 0o755)
      tell("made \(layout.sockets)")
    }
    if !file.isWritten(below: directory) {
      try file.write(below: directory)
      tell("wrote \(directory)/\(file.name)")
    }
  }

  private var control: SupervisordControl {
    SupervisordControl(url: url, variables: layout.variables)
  }
}
