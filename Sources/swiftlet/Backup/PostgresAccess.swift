import Postgres
import Service

/// PostgreSQL as a backup and a restore use it: by sessions, and by its own programs.
///
/// The programs get the DSN by their environment.
final class PostgresAccess {
  /// Of a question that may read all links, in milliseconds.
  static let timeout = 600_000

  private let options: ConnectionOptions
  private let environment: [String: String]

  /// - Throws: When PG_DSN can't be read.
  init(_ settings: Settings) throws {
    options = ConnectionOptions(
      dsn: settings.postgresDSN(of: .owner), applicationName: "swiftlet-backup",
      statementTimeoutMilliseconds: 0, lockTimeoutMilliseconds: 60_000)
    guard let environment = options.environment else {
      throw BackupError(Outcome.configuration, "PG_DSN can't be read")
    }
    // Their messages are read: in English.
    let own = ["PGAPPNAME": "swiftlet-backup", "LC_ALL": "C"]
    self.environment = environment.merging(own) { _, own in own }
  }

  func connect() throws(PostgresError) -> Connection {
    try Connection(options, timeoutMilliseconds: 10_000)
  }

  /// The schema of our tables: the first of the search path.
  func schema(_ connection: Connection) throws -> String {
    let name = try connection.executeOnce(
      "SELECT current_schema()::text", "ask the schema", timeoutMilliseconds: Self.timeout
    ).one { row throws(PostgresError) in try row.optionalText() }
    guard let name else {
      throw BackupError(
        Outcome.refused, "PostgreSQL: no schema of the search_path exists for the user of PG_DSN")
    }
    return name
  }

  /// Runs one of PostgreSQL's programs.
  ///
  /// - Returns: Its output.
  @discardableResult
  func run(_ program: String, _ arguments: [String]) throws -> String {
    do throws(ProgramRunError) {
      return try ProgramRun.check(program, arguments, environment: environment)
    } catch {
      throw Self.failure(error)
    }
  }

  /// Runs a script of `pg_restore` by psql (`ProgramChain`).
  func restore(
    _ arguments: [String], list: String, after head: String, before tail: () -> String?,
    meanwhile: () -> Void
  ) throws {
    do throws(ProgramRunError) {
      try ProgramChain.check(
        ProgramChain.Call(
          program: "pg_restore", arguments: ["--file=-", "--use-list=/dev/stdin"] + arguments,
          input: Array(list.utf8)),
        into: ProgramChain.Call(
          program: "psql",
          arguments: [
            "--no-psqlrc", "--quiet", "--no-password", "--output=/dev/null",
            "--set=ON_ERROR_STOP=1",
          ]),
        after: head, before: tail, meanwhile: meanwhile, environment: environment)
    } catch {
      throw Self.failure(error)
    }
  }

  /// A failure with the status that suits it.
  private static func failure(_ error: ProgramRunError) -> any Error {
    if Signals.stopRequested { return Outcome.interrupted }
    guard case .failed(_, let status, let reason) = error.kind else {
      return BackupError(
        Outcome.configuration, "\(error.description): install the package postgresql-client")
    }
    let exit =
      BackupError.tellsOfFullDisk(reason)
      ? Outcome.notWritten
      : reason.contains("connection to server") ? Outcome.unavailable : Outcome.refused
    return BackupError(exit, "\(error.program) failed (status \(status)): \(reason)")
  }
}
