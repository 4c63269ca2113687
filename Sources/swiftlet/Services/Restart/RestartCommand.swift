import ArgumentParser
import Glibc
import Service

/// `swiftlet restart`: the programs of this host anew, without a failed request.
struct RestartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restart",
    abstract: "Restart the programs of this host, one process after the other.",
    discussion: """
      So they take new settings, or are those of a new release. No request fails: each process must \
      serve before the next one is restarted. Stops with status 1 at the first one that doesn't, and \
      leaves the others as they are. A wrong setting is told before anything is restarted.

      What `swiftlet enable` has written is brought up to date. supervisord starts programs that it doesn't \
      know yet; to take in a changed section it would stop the whole pool, so that is left to `swiftlet enable`.

      A pool whose socket is gone, was stopped, or is another user's fails or would fail: its workers stop \
      for a moment, and it gets a new one.

      The service manager is systemd, or supervisord where /etc/supervisor/conf.d/swiftlet.conf is or \
      SUPERVISOR_URL is set.
      """)

  @Argument(
    help: ArgumentHelp(
      "Programs by their sections (swiftlet programs); without any all but carry.",
      valueName: "section"))
  var sections: [String] = []

  @Option(help: "Seconds that a process may take until it serves.")
  var wait = 30

  @Option(help: .hidden)
  var sectionsDirectory = ServiceManager.sectionsDirectory

  func validate() throws {
    guard (1...3600).contains(wait) else { throw ValidationError("--wait takes 1 to 3600 seconds") }
    let known = HostProgram.all.map(\.section)
    for section in sections where !known.contains(section) {
      throw ValidationError(
        "There is no program \(section.printable): \(known.joined(separator: ", "))")
    }
  }

  func run() throws {
    try Outcome.reporting {
      let variables = try Variables.loadOfHost()
      try variables.check()
      let programs = HostProgram.all.filter {
        sections.isEmpty ? !$0.endsByItself : sections.contains($0.section)
      }
      let manager = try ServiceManager.found(variables)
      if let complaint = manager.complaint(about: variables) { Outcome.complain(complaint) }
      let layout = try HostLayout(variables)
      let enabling = Enabling(layout: layout, sectionsDirectory: sectionsDirectory)
      try enabling.alone {
        try enabling.renew(manager, tell: Outcome.tell)
        let control = manager.control(variables)
        try RollingRestart(control: control, sockets: layout.sockets, limit: Int64(wait) * 1000)
          .restart(programs, tell: Outcome.tell)
      }
    }
  }
}
