import ArgumentParser
import Service

/// `swiftlet settings`: the settings with their values.
struct SettingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings",
    abstract: "Show the settings of this installation, or what can be set.",
    discussion: """
      Shows each setting with its value, and checks them all. A value that isn't the default and may \
      hold a password is not shown. Names in the settings file that are no settings are told on stderr.
      """)

  enum Form: String, EnumerableFlag {
    case sample
    case table
    case handbook
    case shell

    static func help(for value: Form) -> ArgumentHelp? {
      switch value {
      case .sample: "Print sample.env: every setting with its default."
      case .table: "Print the table of README.md: the settings to know."
      case .handbook: "Print the tables of supervisor/README.md: every setting, by group."
      case .shell: "Print NAME=value for a shell to evaluate, passwords included."
      }
    }
  }

  @Flag(exclusivity: .exclusive) var form: Form?

  @Argument(
    help: ArgumentHelp(
      "Groups of settings: \(SettingGroup.all.map(\.name).joined(separator: ", ")).",
      valueName: "group"))
  var groups: [String] = []

  func validate() throws {
    let known = SettingGroup.all.map(\.name)
    for name in groups where !known.contains(name) {
      throw ValidationError("There is no group \(name): \(known.joined(separator: ", "))")
    }
  }

  func run() throws {
    try Outcome.reporting {
      let chosen = SettingGroup.all.filter { groups.isEmpty || groups.contains($0.name) }
      switch form {
      case .sample: print(SampleFile.text(chosen), terminator: "")
      case .table: print(SettingsTable.essentials(chosen), terminator: "")
      case .handbook: print(SettingsTable.handbook(chosen), terminator: "")
      case .shell: print(try ShellSettings.lines(chosen, Variables.load()), terminator: "")
      case nil:
        let variables = try Variables.load()
        if groups.isEmpty { try variables.check() }
        print(try SettingsTable.values(chosen, variables), terminator: "")
        for unknown in UnknownSetting.all(in: variables) {
          Outcome.complain("\(variables.file ?? ""): \(unknown.description)")
        }
      }
    }
  }
}
