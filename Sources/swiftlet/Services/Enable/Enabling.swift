import Files
import Glibc
import Service

/// Hands the programs of this host to a service manager, or takes them from it.
struct Enabling {
  let layout: HostLayout
  /// Where supervisord reads sections.
  var sectionsDirectory = ServiceManager.sectionsDirectory

  /// Starts the programs, now and at each boot; safe to repeat.
  ///
  /// - Parameters:
  ///   - manager: The one that is to run them.
  ///   - evenWithoutEngines: Whether the engines need not answer.
  ///   - tell: Gets a line for each thing that was done.
  /// - Throws: Before anything is changed, when something is missing; `ServiceError` when a process
  ///   doesn't come up.
  func enable(
    _ manager: ServiceManager, evenWithoutEngines: Bool = false, tell: (String) -> Void
  ) throws {
    try Self.requireRoot("enable")
    let user = try layout.checkOwners()
    try HostLayout.checkDirectory(layout.journals, of: .journalDirectory)
    try checkFile(manager, user)
    if !evenWithoutEngines {
      try EngineQuestion(user: user, variables: layout.variables).ask()
    }
    try alone {
      switch manager {
      case .systemd: try SystemdEnabling(layout: layout).enable(tell: tell)
      case .supervisord(let url):
        guard !SystemdEnabling.isActive, !SystemdEnabling.isEnabled else {
          throw ServiceError("systemd runs the programs: swiftlet disable first", .installation)
        }
        try SupervisordEnabling(layout: layout, directory: sectionsDirectory, url: url)
          .enable(tell: tell)
      }
      try awaitAll(manager, tell: tell)
    }
  }

  /// Brings what was written for the service manager up to date; starts nothing that it knows.
  func renew(_ manager: ServiceManager, tell: (String) -> Void) throws {
    switch manager {
    case .systemd:
      guard SystemdEnabling.isActive else { return }
      try checkReading(by: try layout.checkOwners())
      try SystemdEnabling(layout: layout).write(tell: tell)
    case .supervisord(let url):
      // One with an address of its own, such as a private stack's, has its sections elsewhere.
      guard url == nil || sectionsDirectory != ServiceManager.sectionsDirectory else { return }
      if url == nil { try checkReading(by: try layout.checkOwners()) }
      try SupervisordEnabling(layout: layout, directory: sectionsDirectory, url: url)
        .renew(tell: tell)
    }
  }

  /// Stops the programs and removes what was written for the service manager.
  ///
  /// It waits for other commands, since a removal of the package asks but once.
  func disable(_ manager: ServiceManager, tell: (String) -> Void) throws {
    try Self.requireRoot("disable")
    try alone(patience: 60_000) {
      switch manager {
      case .systemd: try SystemdEnabling(layout: layout).disable(tell: tell)
      case .supervisord(let url):
        try SupervisordEnabling(layout: layout, directory: sectionsDirectory, url: url)
          .disable(tell: tell)
      }
    }
  }

  /// Checks that the programs get all settings.
  private func checkFile(_ manager: ServiceManager, _ user: HostUser) throws {
    if let complaint = manager.complaint(about: layout.variables) {
      throw ServiceError(complaint, .installation)
    }
    // A supervisord with an address of its own, such as a private stack's, may have another user.
    if case .supervisord(.some) = manager { return }
    try checkReading(by: user)
  }

  /// Passes where root can't act as that user.
  private func checkReading(by user: HostUser) throws {
    guard let file = layout.settingsFile, (try? user.canRead(file)) == false else { return }
    throw SettingError(
      name: "SWIFTLET_ENV", value: file,
      expected: "a file that the programs' user can read: \(user.reading(file))")
  }

  /// Keeps other commands from starting or stopping programs of this host.
  ///
  /// A host without STATE_DIR has no programs yet.
  ///
  /// - Parameters:
  ///   - patience: How long another one is waited for, in milliseconds.
  ///   - body: What starts or stops programs.
  /// - Throws: `ServiceError` while another command does.
  func alone(patience: Int64 = 0, _ body: () throws -> Void) throws {
    let lock = try? File(layout.state, for: .reading, followsLinks: true)
    let end = SystemClock.bootMilliseconds() + patience
    while let lock, try !lock.lock() {
      guard SystemClock.bootMilliseconds() < end else {
        throw ServiceError(
          "another swiftlet enable, disable, restart or setup is at work on the programs: wait for its end",
          .unavailable)
      }
      guard !Signals.stopRequested else { throw Outcome.interrupted }
      Pause.milliseconds(200)
    }
    defer { lock?.unlock() }
    try body()
  }

  private func awaitAll(_ manager: ServiceManager, tell: (String) -> Void) throws {
    let restart = RollingRestart(
      control: manager.control(layout.variables), sockets: layout.sockets)
    try restart.control.prepare()
    var count = 0
    for program in HostProgram.all {
      for name in try restart.control.processes(of: program) {
        try restart.awaitServing(name, of: program)
        count += 1
      }
      try restart.control.stopOthers(of: program)
    }
    tell("\(count) processes run")
  }

  private static func requireRoot(_ command: String) throws(ServiceError) {
    guard geteuid() == 0 else {
      throw ServiceError("\(command) needs root: sudo swiftlet \(command)", .installation)
    }
  }
}
