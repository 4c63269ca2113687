import ArgumentParser
import Service

/// The operator's command line.
struct Swiftlet: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swiftlet",
    abstract: "Looks after a Swiftlet installation: schema, links, statistics, health.",
    discussion: """
      Everything is set by environment variables. Those that the environment doesn't have are \
      read from one file: the one that SWIFTLET_ENV names, else \
      \(SettingsFile.places.joined(separator: ", else ")). `swiftlet settings` shows them all.

      Exit status: 0 done; 1 not found, taken, or not well; 64 wrong usage or a wrong value; 65 a log that \
      can't be used, or tables that differ; 69 an engine can't be had; 70 an engine or a program refused; 74 clicks or a \
      file could not be written; 78 a wrong setting, or a directory or file of the installation that can't be used; \
      130 interrupted.
      """,
    version: Program.version,
    subcommands: [
      Migrate.self, Shorten.self, Resolve.self, LinkCommand.self, RuleCommand.self,
      TagCommand.self, DomainCommand.self, KeyCommand.self, TenantCommand.self, VisitsCommand.self,
      AnalyticsCommand.self, StatsCommand.self,
      ClicksCommand.self, Doctor.self, SetupCommand.self, SettingsCommand.self, SiteCommand.self,
      ProgramsCommand.self, RestartCommand.self, EnableCommand.self, DisableCommand.self,
      BackupCommand.self, RestoreCommand.self,
      AgentsCommand.self, OpenAPICommand.self,
    ])
}
