import Analytics
import ArgumentParser
import Carry
import Files
import Glibc
import Ledger
import Management
import Migrations
import Service
import Sessions

/// Turns each failure of a command into one line on stderr and an exit status.
enum Outcome {
  static let notFound = ExitCode(1)
  static let notWell = ExitCode(1)
  static let usage = ExitCode(EX_USAGE)
  static let badData = ExitCode(EX_DATAERR)
  static let notWritten = ExitCode(EX_IOERR)
  /// The status that a shell shows for a program ended by SIGINT.
  static let interrupted = ExitCode(130)
  static let unavailable = ExitCode(EX_UNAVAILABLE)
  static let refused = ExitCode(EX_SOFTWARE)
  static let configuration = ExitCode(EX_CONFIG)

  /// Runs a command.
  ///
  /// - Parameters:
  ///   - complain: Reports a failure, in one line; to stderr by default.
  ///   - body: The command.
  /// - Throws: The exit status.
  static func reporting(
    by complain: (String) -> Void = Self.complain, _ body: () throws -> Void
  ) throws {
    do {
      try body()
    } catch let error as SettingError {
      complain("\(error)")
      throw configuration
    } catch let error as StoreError {
      complain(error.debugDescription)
      throw error.isRetriable ? unavailable : refused
    } catch let error as ManagementFailure {
      complain(error.complaint)
      switch error {
      case .unavailable(let cause): throw cause.isRetriable ? unavailable : refused
      case .tooSlow, .inDoubt: throw unavailable
      case .notFound, .deleted, .nameTaken, .visitedTooOften, .changedMeanwhile, .key, .session,
        .tenant, .tags,
        .tenantGone, .domainNotFound, .domainInUse:
        throw notFound
      case .invalid, .leadsBack: throw usage
      }
    } catch let error as AnalyticsFailure {
      complain(error.complaint)
      switch error {
      case .unavailable(let cause): throw cause.isRetriable ? unavailable : refused
      case .tooSlow, .tooManyDeletions: throw unavailable
      case .tooManyLinks, .tooManyBuckets: throw usage
      case .unknownCode, .linkNotFound, .tagNotFound, .domainNotFound: throw notFound
      }
    } catch let error as RequestLogError {
      complain(error.description)
      throw badData
    } catch let error as BackupError {
      complain(error.description)
      throw error.status
    } catch let error as CarryError {
      complain(error.description)
      throw badData
    } catch let error as ProgramRunError {
      complain(error.description)
      if case .notStarted = error.kind { throw configuration }
      throw refused
    } catch let error as ServiceError {
      complain(error.description)
      switch error.kind {
      case .notWell: throw notWell
      case .unavailable: throw unavailable
      case .installation: throw configuration
      }
    } catch let error as NginxRefusal {
      complain(error.description)
      throw configuration
    } catch let error as FileError {
      complain(error.description)
      throw [ENOSPC, EDQUOT].contains(error.code) ? notWritten : configuration
    } catch let error as MigrationError {
      complain(error.description)
      switch error.kind {
      case .files: throw configuration
      case .unavailable: throw unavailable
      case .refused: throw refused
      case .interrupted: throw interrupted
      }
    }
  }

  static func complain(_ message: String) {
    note("swiftlet: \(message)")
  }

  /// Writes a line of progress to stdout, at once.
  static func tell(_ line: String) {
    print(line)
    fflush(nil)
  }

  /// Writes a line to stderr.
  static func note(_ line: String) { write(line + "\n") }

  /// Writes a text to stderr (`write`).
  static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }
}
