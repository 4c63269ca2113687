import Foundation
import Glibc

/// A PostgreSQL server of a test's own, so that it can be killed.
///
/// The private stack's own script starts it; so it runs as root runs it there, too.
package final class PrivatePostgres {
  private let directory: ScratchDirectory
  /// The port of 127.0.0.1 where it asks for passwords; without such a port it trusts everybody.
  private let port: UInt16?
  private let options: [String]
  private var process: ChildProcess?

  /// Starts it.
  ///
  /// - Parameter options: Further arguments, such as `["-c", "max_connections=10"]`.
  /// - Throws: When it doesn't start.
  package init(_ options: [String] = []) throws {
    directory = try ScratchDirectory("postgres")
    port = nil
    self.options = options
    try start()
  }

  /// Starts one that listens on a port, too, and asks everybody there for a password.
  ///
  /// Its log has all statements.
  package init(demandingPasswordsOn port: UInt16) throws {
    directory = try ScratchDirectory("postgres")
    self.port = port
    options = []
    try start()
    try "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n".write(
      toFile: directory("data/postgres/pg_hba.conf"), atomically: false, encoding: .utf8)
    try ask("SELECT pg_reload_conf()")
  }

  deinit { kill() }

  /// `PG_DSN` of a database there.
  package func dsn(_ database: String, user: String = "postgres") -> String {
    "postgresql:///\(database)?host=\(directory("postgres"))&user=\(user)"
      + (port.map { "&port=\($0)" } ?? "")
  }

  /// `PG_DSN` of a role on its port.
  package func dsn(_ database: String, as role: String) -> String {
    "postgresql://\(role)@127.0.0.1:\(port ?? 0)/\(database)"
  }

  /// Asks it as the superuser.
  @discardableResult
  package func ask(_ statement: String) throws -> String {
    try Command.check("/usr/bin/psql", ["-X", "-qAtc", statement, dsn("postgres")])
  }

  /// Lets others than the superuser in by this method alone, such as `scram-sha-256`; nobody when nil.
  package func letIn(by method: String?) throws {
    let others = method.map { "local all all \($0)\n" } ?? ""
    // In its place, so that it keeps its owner.
    try ("local all postgres trust\n" + others).write(
      toFile: directory("data/postgres/pg_hba.conf"), atomically: false, encoding: .utf8)
    try ask("SELECT pg_reload_conf()")
  }

  package var log: String {
    get throws { try String(contentsOfFile: directory("log"), encoding: .utf8) }
  }

  /// Starts it, with the data that it had.
  package func start() throws {
    process = try ChildProcess(
      Repository.url("supervisor/private/engine/postgres").path, arguments,
      environment: [
        "STACK_VAR": directory("data"), "SWIFTLET_RUN": directory.path,
      ], output: directory("log"))
    guard eventually(seconds: 60, { answers }) else {
      print((try? log) ?? "no log")
      throw Socket.Failure("start PostgreSQL")
    }
  }

  /// Kills the server (SIGKILL); its sessions end by themselves then.
  package func kill() {
    process?.signal(SIGKILL)
    _ = process?.wait(seconds: 10)
    process = nil
  }

  private var arguments: [String] {
    guard let port else { return options }
    return ["-c", "listen_addresses=127.0.0.1", "-c", "port=\(port)", "-c", "log_statement=all"]
  }

  private var answers: Bool {
    (try? ask("SELECT 1")) == "1\n"
  }
}
