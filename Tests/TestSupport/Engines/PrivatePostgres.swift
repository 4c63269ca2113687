import Foundation
import Glibc

/// A PostgreSQL server of a test's own, so that it can be killed.
///
/// The private stack's own script starts it; so it runs as root runs it there, too.
package final class PrivatePostgres {
  private let directory: ScratchDirectory
  private var process: ChildProcess?

  package init() throws {
    directory = try ScratchDirectory("postgres")
    try start()
  }

  deinit { kill() }

  /// `PG_DSN` of a database there.
  package func dsn(_ database: String) -> String {
    "postgresql:///\(database)?host=\(directory("postgres"))&user=postgres"
  }

  /// Starts it, with the data that it had.
  package func start() throws {
    process = try ChildProcess(
      Repository.url("supervisor/private/engine/postgres").path,
      environment: [
        "STACK_VAR": directory("data"), "SWIFTLET_RUN": directory.path,
      ], output: directory("log"))
    guard eventually(seconds: 60, { answers }) else {
      let log = try? String(contentsOfFile: directory("log"), encoding: .utf8)
      print(log ?? "no log")
      throw Socket.Failure("start PostgreSQL")
    }
  }

  /// Kills the server (SIGKILL); its sessions end by themselves then.
  package func kill() {
    process?.signal(SIGKILL)
    _ = process?.wait(seconds: 10)
    process = nil
  }

  private var answers: Bool {
    (try? Command.check("/usr/bin/psql", ["-X", "-qAtc", "SELECT 1", dsn("postgres")])) == "1\n"
  }
}
