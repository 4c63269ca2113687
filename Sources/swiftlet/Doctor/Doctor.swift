import ArgumentParser
import Logging
import Service
import Sessions

/// `swiftlet doctor`: checks everything an installation needs, and says what to do.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at engines, sockets, nginx, clocks, leases and journals; say what to do.",
    discussion: """
      Changes nothing, and counts no visit. Exits with 1 if something failed; a warning is no \
      failure. Each pool is asked at its socket in SWIFTLET_RUN \
      (\(Setting.socketDirectory.fallback)), and the site at BASE_URL as a client would ask. \
      SSL_CERT_FILE may name a file of certificate authorities for that.
      """)

  @Flag(
    name: .customLong("settings"), help: "Check settings and engines only, before the first start.")
  var isBeforeStart = false

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
      let engines =
        SettingsCheck(variables).findings()
        + PostgresCheck(settings).findings() + RedisCheck(settings).findings()
        + RabbitMQCheck(settings).findings() + ClickHouseCheck(settings).findings()
        + EngineRelease.ofNginx()
      let findings =
        engines + (isBeforeStart ? [] : try others(settings, variables, after: engines))
      output.print(json: findings.write, text: { findings.text })
      guard !findings.contains(where: { $0.state == .failed }) else { throw Outcome.notFound }
    }
  }

  /// Everything but settings and engines.
  private func others(
    _ settings: Settings, _ variables: Variables, after engines: [Finding]
  ) throws -> [Finding] {
    let failed = Set(engines.filter { $0.state == .failed }.map(\.subject))
    // An engine that fails isn't asked again: its own finding says so.
    let hasPostgres = !failed.contains("PostgreSQL")
    let hasClickHouse = !failed.contains("ClickHouse")
    let schema =
      hasPostgres && hasClickHouse ? MigrationCheck(settings).findings(after: engines) : []
    let link = KnownLink(hasPostgres ? settings : nil)
    let idle = try IdlePools(variables)
    let hasFastPath = try variables.integer(.fastPath) == 1
    return try schema + (hasPostgres ? OutboxCheck(settings).findings() : [])
      + (hasClickHouse
        ? CarryCheck(settings).findings() + VisitDeletionCheck(settings).findings() : [])
      + PoolCheck(
        directory: try variables.text(.socketDirectory), user: try variables.text(.user),
        link: link, idle: idle, after: engines + schema
      ).findings() + SocketUnitCheck(variables).findings()
      + SiteCheck(settings, variables, link: link, idle: idle).findings()
      + GeolocationCheck(settings).findings() + JournalCheck(settings).findings()
      + ProcessCheck(settings, variables).findings() + ChangesCheck(settings).findings()
      + (hasFastPath ? FastPathCheck(settings).findings() : [])
  }
}
