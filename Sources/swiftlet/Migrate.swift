import ArgumentParser
import Glibc
import JSON
import Migrations

/// `swiftlet migrate`: brings PostgreSQL's and ClickHouse's schemas up to date.
struct Migrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring the schemas of PostgreSQL and ClickHouse up to date.",
    discussion: """
      Applies what is pending of migrations/postgres and migrations/clickhouse, in order. Two runs \
      at once do no harm: the second waits, then finds nothing to do. A file that has changed \
      since it was applied is refused. Then INITIAL_API_KEY is made an API key, if there is none at all.
      """,
    subcommands: [MigrateStatus.self])

  @OptionGroup var files: MigrationOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Say what would be applied, and change nothing.")
  var dryRun = false

  func run() throws {
    try Outcome.reporting {
      let migrator = try files.migrator()
      if dryRun {
        let steps = try migrator.status().filter(\.isToDo)
        output.print(json: steps.write, text: { steps.text(none: "Nothing to do.") })
        return
      }
      var done: [Migrator.Step] = []
      do {
        try migrator.migrate { done.append($0) }
      } catch {
        if !done.isEmpty { Outcome.note(done.appliedText) }
        throw error
      }
      try FirstKey.make()
      output.print(json: done.write, text: { done.appliedText })
    }
  }
}

/// `swiftlet migrate status`.
struct MigrateStatus: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Say which migrations are applied, pending or waiting.")

  @OptionGroup var files: MigrationOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let steps = try files.migrator().status()
      output.print(json: steps.write, text: { steps.text(none: "There are no migrations.") })
    }
  }
}

/// The options for the migrations' directory.
struct MigrationOptions: ParsableArguments {
  /// It may also be given as `--folder`, the name in earlier releases.
  @Option(
    name: [.long, .customLong("folder")],
    help: "The directory with the migrations. (default: the program's own, or ./migrations)")
  var directory: String?

  /// What migrates; `postgres` may hold the lock already, and is another target when nil.
  func migrator(_ postgres: PostgresMigrations? = nil) throws -> Migrator {
    let settings = try Installation().settings
    return Migrator(
      postgres: postgres ?? PostgresMigrations(settings),
      others: [try ClickHouseMigrations(settings)],
      directory: directory ?? Self.defaultDirectory())
  }

  /// The first existing directory of the usual places.
  ///
  /// These are beside the program or in a directory above it, where packages install such files,
  /// and the working directory.
  ///
  /// The working directory comes last: others may write there, and what is found runs as SQL.
  static func defaultDirectory() -> String {
    var candidates: [String] = []
    var parent = ProgramRun.own[...]
    while let slash = parent.lastIndex(of: "/"), candidates.count < 5 {
      parent = parent[..<slash]
      candidates.append(parent + "/migrations")
    }
    candidates += ["/usr/share/swiftlet/migrations", "migrations"]
    return candidates.first { access($0 + "/postgres", R_OK) == 0 } ?? "migrations"
  }
}
