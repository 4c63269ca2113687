import Service

/// Checks the names in the settings file; their values are checked when they are read.
struct SettingsCheck {
  private static let subject = "settings"
  private let variables: Variables

  init(_ variables: Variables) {
    self.variables = variables
  }

  func findings() -> [Finding] {
    guard let file = variables.file else {
      return [.ok(Self.subject, "no file; the environment and the defaults")]
    }
    let unknown = UnknownSetting.all(in: variables)
    guard !unknown.isEmpty else { return [.ok(Self.subject, file)] }
    return unknown.map { setting in
      .warning(
        Self.subject, "\(file): \(setting.name.printable) is no setting",
        do: setting.nearest.map { "write \($0), or remove the line" } ?? "remove the line")
    }
  }
}
