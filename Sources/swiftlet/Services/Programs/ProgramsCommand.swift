import ArgumentParser
import Files
import Glibc
import Service

/// `swiftlet programs`: the programs of a host, and the files of its service manager.
struct ProgramsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "programs",
    abstract: "Show the programs of this host, or write the files of its service manager.",
    discussion: """
      Filled in from the settings, mostly those of the groups processes and production. The programs \
      read all other settings themselves, when they start.
      """)

  @Flag(help: "Print supervisord's sections.")
  var supervisord = false

  @Option(
    help: ArgumentHelp(
      "Write systemd's units and the generator below a directory, such as /etc/systemd.",
      valueName: "directory"))
  var systemd: String?

  /// What the generator asks for: a directory of systemd's for the links.
  @Option(help: .hidden)
  var wanted: String?

  @Flag(help: "By the default settings, whatever this machine's are: for a package.")
  var defaults = false

  func validate() throws {
    guard !supervisord || systemd == nil else {
      throw ValidationError("Either --supervisord or --systemd")
    }
  }

  func run() throws {
    try Outcome.reporting {
      let layout = try HostLayout(defaults ? Variables([:]) : Variables.loadOfHost())
      if supervisord {
        print(try SupervisordSections(layout).text, terminator: "")
      } else if let systemd {
        for file in SystemdFiles(layout).all { try file.write(below: systemd) }
      } else if let wanted {
        try WantedUnits(layout.variables).link(in: wanted)
      } else {
        print(try table(layout))
      }
    }
  }

  private func table(_ layout: HostLayout) throws(SettingError) -> String {
    var table = Table("SECTION", "PROGRAM", "ROLE", "SOCKET", "NUMBER", "BY", "SERVES")
    for program in HostProgram.all {
      table.add(
        program.section, ([program.file] + program.arguments).joined(separator: " "),
        program.role?.rawValue ?? "-", program.socket ?? "-",
        "\(try program.count(layout.variables))", program.processes?.name ?? "-", program.serves)
    }
    return table.text
  }
}
