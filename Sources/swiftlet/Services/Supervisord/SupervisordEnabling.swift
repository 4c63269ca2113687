import Glibc
import Service

/// Our sections in supervisord's directory.
struct SupervisordEnabling {
  let layout: HostLayout
  let directory: String
  /// nil for the machine's own.
  let url: String?

  func enable(tell: (String) -> Void) throws {
    let file = ServiceFile(
      name: ServiceManager.sectionsFile, text: try SupervisordSections(layout).text)
    // Before anything is written.
    try SupervisordControl(url: url, variables: layout.variables).prepare()
    if !file.isWritten(below: directory) {
      try file.write(below: directory)
      tell("wrote \(directory)/\(file.name)")
    }
    try update()
  }

  func disable(tell: (String) -> Void) throws {
    let file = ServiceFile(name: ServiceManager.sectionsFile, text: "")
    try file.remove(below: directory)
    tell("removed \(directory)/\(file.name)")
    try update()
    tell("the programs are stopped")
  }

  private func update() throws {
    try ProgramRun.check("supervisorctl", (url.map { ["-s", $0] } ?? []) + ["update"])
  }
}
