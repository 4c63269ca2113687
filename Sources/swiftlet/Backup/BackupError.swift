import ArgumentParser
import ClickHouse
import Gzip
import Pipeline
import Postgres

/// Why there is no backup, or why one isn't restored: one line, and the exit status.
struct BackupError: Error {
  let status: ExitCode
  let description: String

  init(_ status: ExitCode, _ description: String) {
    self.status = status
    self.description = description
  }

  /// A restore would lose these tables' rows.
  static func notEmpty(_ engine: String, _ tables: [String]) -> BackupError {
    BackupError(
      Outcome.refused,
      "\(engine)'s database has rows in \(tables.joined(separator: ", ")): a restore needs an empty one"
    )
  }

  /// An engine's or the disk's failure; others as they are.
  static func made(of error: any Error) -> any Error {
    switch error {
    case let error as ClickHouseError:
      BackupError(
        error.isOfFullDisk || tellsOfFullDisk(error.message)
          ? Outcome.notWritten : error.isRetriable ? Outcome.unavailable : Outcome.refused,
        error.debugDescription)
    case let error as PostgresError:
      BackupError(
        error.state == .diskFull
          ? Outcome.notWritten : error.isRetriable ? Outcome.unavailable : Outcome.refused,
        error.debugDescription)
    case let error as ClickFence.Busy:
      BackupError(Outcome.unavailable, "ClickHouse: \(error.description)")
    case is ClickFence.Fenced:
      BackupError(Outcome.unavailable, "ClickHouse: a consumer has just taken over")
    case let error as LineFileError: BackupError(Outcome.notWritten, error.description)
    default: error
    }
  }

  /// Whether a program or a server says so (`ENOSPC`), here or on the engine's host.
  static func tellsOfFullDisk(_ message: String) -> Bool { message.contains("No space left") }
}
