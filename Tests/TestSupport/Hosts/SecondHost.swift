import Foundation
package import Glibc

/// Another host of the stack's installation, with its own network and directories.
///
/// It has pools, an invalidator and a dispatcher under a supervisord.
///
/// The engines are the stack's: PostgreSQL by its socket, Redis over the link between the networks.
/// No relay takes its clicks on.
package final class SecondHost {
  package let network: NetworkNamespace
  package let redis: SharedRedis
  package let directory: ScratchDirectory
  /// What its programs have in their environment, laid over the stack's.
  package let variables: [String: String]
  /// The supervisord, for `Supervisor`.
  package let supervisor: String
  private let process: ChildProcess

  package struct Failed: Error {
    package let description: String
  }

  /// Starts it, and returns when its programs run.
  ///
  /// - Parameter others: Laid over the variables of its programs.
  /// - Throws: When it can't be started.
  package init(_ others: [String: String] = [:]) throws {
    directory = try ScratchDirectory("host")
    network = try NetworkNamespace()
    redis = try SharedRedis(address: network.outer)
    supervisor = "unix://" + directory("supervisor.sock")
    variables = [
      "SWIFTLET_BIN": TestStack.programs.path, "SWIFTLET_RUN": directory.path,
      "SWIFTLET_LOG": try directory.make("log"), "SWIFTLET_USER": "root", "SWIFTLET_GROUP": "root",
      "STATE_DIR": directory("state"), "JOURNAL_DIR": directory("journal"),
      "DROPPED_IDS": directory("dropped-ids"), "REDIS_URL": redis.url,
      "SHORTENER_API_WORKERS": "2", "SUPERVISOR_URL": supervisor,
    ].merging(others) { _, other in other }
    let programs = try Command.check(
      TestStack.programs.appendingPathComponent("swiftlet").path, ["programs", "--supervisord"],
      environment: variables)
    try Self.configuration(programs, directory).write(
      toFile: directory("supervisord.conf"), atomically: true, encoding: .utf8)
    let (program, arguments) = network.entering(
      "/usr/bin/supervisord", ["-c", directory("supervisord.conf")])
    process = try ChildProcess(
      program, arguments, environment: variables, output: directory("log/supervisord.out"))
    let place = supervisor
    guard eventually(seconds: 60, { (try? Self.runs(place)) == true }) else {
      throw Failed(description: (try? Supervisor.status(at: place)) ?? "no supervisord")
    }
  }

  deinit { stop() }

  /// The path of a pool's socket.
  package func socket(_ pool: String) -> String { directory(pool + ".sock") }

  package func pids(_ prefix: String) throws -> [pid_t] {
    try Supervisor.pids(prefix, at: supervisor)
  }

  package func stop() {
    process.signal(SIGTERM)
    if process.wait(seconds: 60) == nil { process.signal(SIGKILL) }
  }

  /// What needs RabbitMQ or ClickHouse stays out.
  private static func configuration(_ programs: String, _ directory: ScratchDirectory) -> String {
    """
    [supervisord]
    nodaemon=true
    silent=true
    logfile=\(directory("log/supervisord.log"))
    pidfile=\(directory("supervisord.pid"))
    [unix_http_server]
    file=\(directory("supervisor.sock"))
    [supervisorctl]
    serverurl=unix://\(directory("supervisor.sock"))
    [rpcinterface:supervisor]
    supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

    """
      + programs.components(separatedBy: "\n\n").filter { section in
        !["relay", "consumer", "carry", "analytics"].contains {
          section.contains("program:\($0)]")
        }
      }.joined(separator: "\n\n")
  }

  private static func runs(_ supervisor: String) throws -> Bool {
    let lines = try Supervisor.status(at: supervisor).split(separator: "\n")
    return lines.count > 3 && lines.allSatisfy { $0.contains(" RUNNING ") }
  }
}
