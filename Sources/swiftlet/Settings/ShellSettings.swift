import Glibc
import Service

/// Settings as lines that a shell evaluates: `NAME='value'`.
enum ShellSettings {
  static func lines(_ groups: [SettingGroup], _ variables: Variables) throws(SettingError) -> String
  {
    var text = ""
    for setting in groups.flatMap(\.settings) {
      text += "\(setting.name)=\(try value(of: setting, variables).quotedShellWord)\n"
    }
    return text
  }

  /// The effective value: a number without leading zeros, or what an empty default stands for.
  ///
  /// A shell would read leading zeros as octal.
  private static func value(
    of setting: Setting, _ variables: Variables
  ) throws(SettingError) -> String {
    let value = try variables.text(setting)
    switch setting.name {
    case Setting.nginxWorkers.name: return "\(try variables.nginxWorkerCount())"
    case Setting.baseURL.name where variables[setting.name] == nil:
      return "http://localhost:\(try variables.integer(.port))"
    default: break
    }
    guard case .integer = setting.form else { return value }
    return Int(value).map(String.init) ?? value
  }
}
