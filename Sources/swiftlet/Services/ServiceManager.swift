import Glibc
import Service

/// What starts and restarts the programs of this host.
enum ServiceManager {
  case systemd
  /// With its address; nil for the machine's own.
  case supervisord(url: String?)

  /// supervisord's directory of sections; a file there means that it runs the programs.
  static let sectionsDirectory = "/etc/supervisor/conf.d"
  static let sectionsFile = "swiftlet.conf"

  /// The one that runs the programs.
  static func found(_ read: Variables) throws(SettingError) -> ServiceManager {
    let url = try read.text(.supervisor)
    if !url.isEmpty { return .supervisord(url: url) }
    return access("\(sectionsDirectory)/\(sectionsFile)", F_OK) == 0
      ? .supervisord(url: nil) : .systemd
  }

  /// What is said of settings that the programs don't get; nil without any.
  ///
  /// systemd gives them the settings file alone; supervisord gives them its own variables, too.
  func complaint(about read: Variables) -> String? {
    if case .systemd = self { read.complaintOfUnseen } else { nil }
  }

  /// supervisord, at its address if there is one.
  var orSupervisord: ServiceManager {
    if case .supervisord = self { return self }
    return .supervisord(url: nil)
  }

  func control(_ read: Variables) -> any ProcessControl {
    switch self {
    case .systemd: SystemdControl(variables: read)
    case .supervisord(let url): SupervisordControl(url: url, variables: read)
    }
  }
}
