import Foundation
import Glibc

/// A ClickHouse server of a test's own, so that its users may be others than the stack's.
package final class PrivateClickHouse {
  private let directory: ScratchDirectory
  private let port: UInt16
  private var process: ChildProcess?

  /// Starts it, with the stack's configuration.
  ///
  /// - Throws: When it doesn't start.
  package init() throws {
    directory = try ScratchDirectory("clickhouse")
    port = try Socket.freePort()
    let engine = Repository.url("supervisor/private/engine")
    for name in ["clickhouse.xml", "clickhouse-users.xml"] {
      try FileManager.default.copyItem(
        atPath: engine.appendingPathComponent(name).path, toPath: directory(name))
    }
    try start()
  }

  deinit { kill() }

  /// `CLICKHOUSE_URL` of a database there, for a user: a name, and perhaps `:` and a password.
  package func url(_ user: String = "default", database: String = "default") -> String {
    "http://\(user)@127.0.0.1:\(port)/\(database)"
  }

  /// Changes the file of its users, and starts it anew.
  package func editUsers(_ old: String, _ new: String) throws {
    let file = directory("clickhouse-users.xml")
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try text.replacingOccurrences(of: old, with: new)
      .write(toFile: file, atomically: true, encoding: .utf8)
    kill()
    try start()
  }

  private func start() throws {
    var environment = [
      "STACK_CLICKHOUSE_HTTP_PORT": "\(port)",
      "STACK_CLICKHOUSE_TCP_PORT": "\(try Socket.freePort())",
    ]
    for name in ["path", "tmp", "files", "schemas"] {
      environment["STACK_CLICKHOUSE_" + name.uppercased()] = try directory.make(name) + "/"
    }
    process = try ChildProcess(
      "/usr/bin/env", ["clickhouse-server", "--config-file=" + directory("clickhouse.xml")],
      environment: environment, output: directory("log"))
    guard eventually(seconds: 60, { (try? Socket(port: port)) != nil }) else {
      throw Socket.Failure("start ClickHouse")
    }
  }

  private func kill() {
    process?.signal(SIGKILL)
    _ = process?.wait(seconds: 10)
    process = nil
  }
}
