import Service

/// Settings in columns: the tables of the handbooks, and the values of an installation.
enum SettingsTable {
  /// The settings to know, as the Markdown table of README.md.
  static func essentials(_ groups: [SettingGroup]) -> String {
    markdown(groups.flatMap(\.settings).filter(\.isEssential))
  }

  /// Every setting, group by group, as supervisor/README.md has them.
  static func handbook(_ groups: [SettingGroup]) -> String {
    groups.map { group in
      let note = group.note.isEmpty ? "" : "\(group.note)\n\n"
      return "\n### \(group.title)\n\n\(note)\(markdown(group.settings))"
    }.joined() + "\n"
  }

  private static func markdown(_ settings: [Setting]) -> String {
    "| setting | default | |\n|---|---|---|\n"
      + settings.map { setting in
        let fallback = setting.fallback.isEmpty ? "none" : "`\(setting.fallback)`"
        return "| `\(setting.name)` | \(fallback) | \(setting.text) |\n"
      }.joined()
  }

  /// Every setting with its value; a value is marked when it isn't the default.
  static func values(_ groups: [SettingGroup], _ variables: Variables) throws(SettingError)
    -> String
  {
    var text = "Settings file: \(variables.file ?? "none")\n"
    let width = groups.flatMap(\.settings).map(\.name.count).max() ?? 0
    for group in groups {
      text += "\n\(group.title)\n"
      for setting in group.settings {
        let value = try variables.text(setting)
        let mark = value == setting.fallback ? " " : "*"
        let gap = String(repeating: " ", count: width - setting.name.count)
        text += "\(mark) \(setting.name)\(gap)  \(shown(value, of: setting))\n"
      }
    }
    return text + "\n* is not the default.\n"
  }

  private static func shown(_ value: String, of setting: Setting) -> String {
    // By bytes: an @ with a combining mark behind it is no @ to Character.
    if case .apiKey = setting.form { return value.isEmpty ? value : "(not shown)" }
    let mayHoldPassword =
      value.utf8.contains(UInt8(ascii: "@")) || value.lowercased().contains("password")
    return value != setting.fallback && mayHoldPassword ? "(not shown)" : value
  }
}
