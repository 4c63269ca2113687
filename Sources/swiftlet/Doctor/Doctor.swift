import ArgumentParser
import Logging
import Service
import Sessions

/// `swiftlet doctor`: checks everything an installation needs, and says what to do.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at engines, sockets, nginx, clocks, leases and journals; say what to do.",
    discussion: """
      Changes nothing. Exits with 1 if something failed; a warning is no failure. Sockets are \
      looked for in SWIFTLET_RUN (\(Setting.socketDirectory.fallback)).
      """)

  @OptionGroup var output: OutputOptions

  /// The sessions' log: failures are reported as findings instead.
  static var quietLog: Logger { Log.make("swiftlet", level: "critical") }

  /// The time limit of PostgreSQL in milliseconds: to connect, and for each question.
  static let postgresTimeout = 2000

  /// The owner's session with PostgreSQL.
  static func postgres(_ settings: Settings) -> PostgresSession {
    PostgresSession(
      settings, as: .owner, program: "doctor", timeoutMilliseconds: postgresTimeout, log: quietLog)
  }

  func run() throws {
    try Outcome.reporting {
      let variables = try Variables.load()
      let settings = try Settings(variables)
      let findings =
        PostgresCheck(settings).findings() + RedisCheck(settings).findings()
        + RabbitMQCheck(settings).findings() + ClickHouseCheck(settings).findings()
        + MigrationCheck(settings).findings() + OutboxCheck(settings).findings()
        + CarryCheck(settings).findings() + VisitDeletionCheck(settings).findings()
        + SocketCheck(directory: try variables.text(.socketDirectory)).findings()
        + SiteCheck(baseURL: settings.baseURL).findings()
        + GeolocationCheck(settings).findings()
        + JournalCheck(settings).findings()
        + ChangesCheck(settings, hasFastPath: try variables.integer(.fastPath) == 1).findings()
      output.print(json: findings.write, text: { findings.text })
      guard !findings.contains(where: { $0.state == .failed }) else { throw Outcome.notFound }
    }
  }
}
