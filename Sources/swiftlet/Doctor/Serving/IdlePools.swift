import Service

/// The pools that have no process on this host because the settings say so.
struct IdlePools {
  private let settings: [String: String]

  init(_ read: Variables) throws(SettingError) {
    var settings: [String: String] = [:]
    for program in HostProgram.all where program.isPool {
      guard let setting = program.processes, try program.count(read) == 0 else { continue }
      settings[program.section] = setting.name
    }
    self.settings = settings
  }

  /// Why a pool serves nothing here; nil for one that has processes.
  func reason(_ pool: String) -> String? { settings[pool].map { "\($0) is 0" } }
}
