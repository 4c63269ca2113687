import ArgumentParser
import Glibc
import Service

/// `swiftlet setup`: from a settings file to an installation that serves.
struct SetupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "setup",
    abstract: "Make this host ready: engines, schema, first key, nginx, programs.",
    discussion: """
      Run it as root, once the settings file is written. It makes what is missing and changes nothing that \
      is there. It stops at the first step that fails, and says what to do. The next run goes on there.
      """)

  @Flag(help: "Say what would be made, and change nothing.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "A login of PostgreSQL that may make roles and databases, without its password: that is read from "
        + "PGPASSWORD or root's ~/.pgpass. (default: the user postgres, if the server is on this machine)",
      valueName: "dsn"))
  var postgresAdmin: String?

  @Flag(help: "Let supervisord run the programs; by default systemd, unless it does already.")
  var supervisord = false

  @Flag(help: "End with the first key: leave nginx and the service manager as they are.")
  var noEnable = false

  func validate() throws {
    guard let postgresAdmin else { return }
    guard !PostgresAdministrator.hasPassword(dsn: postgresAdmin) else {
      throw ValidationError(
        "Everybody on this machine can read a password among the arguments. Leave it out of --postgres-admin: "
          + "it is read from PGPASSWORD, or from root's ~/.pgpass.")
    }
  }

  func run() throws {
    guard geteuid() == 0 else {
      Outcome.complain("setup makes users and directories: run it as root, by sudo swiftlet setup")
      throw Outcome.configuration
    }
    let libpq = LibpqVariables()
    // Others must read what is made, such as units and nginx's site, where root's own mask forbids it.
    umask(0o022)
    let run = try SetupRun(isDry: dryRun)
    try run.perform(SettingsStep(isForSystemd: !noEnable && !supervisord))
    try run.perform(DirectoriesStep())
    try run.perform(PostgresStep(admin: postgresAdmin, libpq: libpq))
    try run.perform(RedisStep())
    try run.perform(RabbitMQStep())
    try run.perform(ClickHouseStep())
    try run.perform(SchemaStep())
    try run.perform(FirstKeyStep())
    guard !noEnable else { return }
    try run.perform(SiteStep())
    try run.perform(EnableStep(bySupervisord: supervisord))
    try run.perform(DoctorStep())
    try run.perform(SignInStep())
  }
}
