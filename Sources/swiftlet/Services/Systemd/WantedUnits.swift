import Files
import Glibc
import Service

/// The units that the target starts, as links that systemd's generator makes.
struct WantedUnits {
  let names: [String]

  init(_ read: Variables) throws(SettingError) {
    var names: [String] = []
    for program in HostProgram.all {
      let unit = SystemdUnit(program)
      let count = try program.count(read)
      if count > 0, let socket = unit.socket { names.append(socket) }
      names += unit.instances(count)
    }
    self.names = names
  }

  /// Makes the links.
  ///
  /// - Parameter directory: Where systemd wants the generator's units.
  /// - Throws: When one can't be made.
  func link(in directory: String) throws(FileError) {
    let links = "\(directory)/\(SystemdFiles.target).wants"
    guard mkdir(links, 0o755) == 0 || errno == EEXIST else {
      throw FileError("make the directory", links, code: errno)
    }
    for name in names {
      // systemd goes by the link's own name.
      let unit = "/usr/lib/systemd/system/\(Self.file(of: name))"
      guard symlink(unit, "\(links)/\(name)") == 0 || errno == EEXIST else {
        throw FileError("make the link", "\(links)/\(name)", code: errno)
      }
    }
  }

  /// An instance's template.
  private static func file(of name: String) -> String {
    guard let sign = name.firstIndex(of: "@"), let dot = name.lastIndex(of: ".") else {
      return name
    }
    return String(name[...sign] + name[dot...])
  }
}
