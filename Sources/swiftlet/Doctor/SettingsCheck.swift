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
    let findings = unknown(in: file) + unseen()
    return findings.isEmpty ? [.ok(Self.subject, file)] : findings
  }

  private func unknown(in file: String) -> [Finding] {
    UnknownSetting.all(in: variables).map { setting in
      .warning(
        Self.subject, "\(file): \(setting.name.printable) is no setting",
        do: setting.nearest.map { "write \($0), or remove the line" } ?? "remove the line")
    }
  }

  /// Programs that systemd runs don't have what this command has.
  private func unseen() -> [Finding] {
    guard SystemdEnabling.isActive,
      let complaint = (try? ServiceManager.found(variables))?.complaint(about: variables)
    else { return [] }
    return [.warning(Self.subject, complaint, do: "then run swiftlet restart")]
  }
}
