import ArgumentParser
import Glibc
import Service

/// `swiftlet enable`: lets a service manager run the programs.
struct EnableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enable",
    abstract: "Start the programs of this host, now and at each boot.",
    discussion: """
      Writes what the service manager reads, where it differs from what is there, and returns when \
      each process serves. Run it again after a change of the numbers of processes or of the group \
      production. Refuses when the settings are wrong, or an engine doesn't answer the programs' user.
      """)

  @Flag(help: "By supervisord; by default systemd, unless supervisord runs them already.")
  var supervisord = false

  @Flag(help: "Start them even if an engine doesn't answer: they wait for it.")
  var force = false

  @Option(help: .hidden)
  var sectionsDirectory = ServiceManager.sectionsDirectory

  func run() throws {
    try Outcome.reporting {
      let variables = try Variables.loadOfHost()
      try variables.check()
      let enabling = Enabling(
        layout: try HostLayout(variables), sectionsDirectory: sectionsDirectory)
      let found = try ServiceManager.found(variables)
      try enabling.enable(
        supervisord ? found.orSupervisord : found, evenWithoutEngines: force, tell: Outcome.tell)
    }
  }
}

/// `swiftlet disable`: stops the programs, and starts them no more.
struct DisableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disable",
    abstract: "Stop the programs of this host, and start them no more at boot.",
    discussion: """
      Removes what `swiftlet enable` has written. Links, clicks, journals and settings stay. nginx \
      answers 502 from then on, as long as it has the site.
      """)

  @Option(help: .hidden)
  var sectionsDirectory = ServiceManager.sectionsDirectory

  func run() throws {
    try Outcome.reporting {
      let variables = try Variables.loadOfHost()
      let enabling = Enabling(
        layout: try HostLayout(variables), sectionsDirectory: sectionsDirectory)
      try enabling.disable(try ServiceManager.found(variables), tell: Outcome.tell)
    }
  }
}
