import Foundation
import TestSupport

/// `swiftlet setup` with names of its own in each engine of the private stack, and directories of its own.
///
/// Nothing of it is there at the beginning.
final class SetupBench {
  let tool: CommandLineTool
  let scratch: ScratchDirectory
  /// A broker's user and virtual host.
  let broker: String
  /// A login that may make roles and databases.
  let admin: String
  var file: String { scratch("swiftlet.env") }

  init() throws {
    tool = try CommandLineTool()
    scratch = try ScratchDirectory("setup")
    broker = tool.name
    admin = try PostgresDSN.superuser()
    let amqp = try TestStack.value("RABBITMQ_URL")
    let port = amqp.split(separator: ":").last?.prefix { $0.isNumber } ?? ""
    try write([
      "BASE_URL": "https://sho.rt",
      "PG_DSN": try PostgresDSN.database(tool.name)
        .replacingOccurrences(of: "user=swiftlet", with: "user=\(tool.name)"),
      "RABBITMQ_URL": "amqp://\(broker):secret@127.0.0.1:\(port)/\(broker)",
      "SWIFTLET_USER": "root", "SWIFTLET_GROUP": "root",
      "SWIFTLET_RUN": scratch("run"), "SWIFTLET_LOG": scratch("log"),
      "JOURNAL_DIR": scratch("lib/journal"), "STATE_DIR": scratch("lib/state"),
    ])
    try makeControl()
  }

  /// Writes the settings file: what it says, and lines laid over that.
  func write(_ values: [String: String]) throws {
    let old = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    let kept = old.split(separator: "\n").filter { line in
      values[String(line.prefix { $0 != "=" })] == nil
    }
    let lines = kept.map(String.init) + values.map { "\($0.key)=\($0.value)" }.sorted()
    try (lines.joined(separator: "\n") + "\n").write(
      toFile: file, atomically: true, encoding: .utf8)
  }

  /// Runs `swiftlet setup` to its first key.
  ///
  /// - Parameters:
  ///   - arguments: Further ones.
  ///   - others: Variables laid over its own.
  ///   - starter: The words of a command that runs what follows them; none for the program itself.
  /// - Returns: What it has left.
  /// - Throws: When it can't be started.
  func run(
    _ arguments: String..., with others: [String: String] = [:], through starter: [String] = []
  ) throws -> CommandLineTool.Run {
    CommandLineTool.finish(try start(arguments, with: others, through: starter))
  }

  /// Starts it.
  func start(
    _ arguments: [String] = [], with others: [String: String] = [:], through starter: [String] = []
  ) throws -> Process {
    // An empty variable lets the file speak.
    var own = ["SWIFTLET_ENV": file, "PATH": scratch("bin") + ":/usr/bin:/bin"]
    for name in [
      "PG_DSN", "BASE_URL", "RABBITMQ_URL", "SWIFTLET_USER", "SWIFTLET_GROUP", "SWIFTLET_RUN",
      "SWIFTLET_LOG", "JOURNAL_DIR", "STATE_DIR", "INITIAL_API_KEY",
    ] { own[name] = "" }
    let process = tool.process(
      ["setup", "--no-enable"] + arguments, own.merging(others) { _, other in other })
    if let first = starter.first {
      let words = [process.executableURL?.path ?? ""] + (process.arguments ?? [])
      process.executableURL = URL(fileURLWithPath: first)
      process.arguments = starter.dropFirst() + words
    }
    try process.run()
    return process
  }

  /// The value of a line of the settings file.
  func line(_ name: String) -> String? {
    let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").first { $0.hasPrefix(name + "=") }
      .map { String($0.dropFirst(name.count + 1)) }
  }

  /// `rabbitmqctl` of the private stack's node; Debian's is that of the system's.
  private func makeControl() throws {
    let ports = try String(contentsOfFile: TestStack.value("VAR") + "/ports", encoding: .utf8)
    let script = """
      #!/bin/sh
      \(ports)
      export HOME=\(try TestStack.value("VAR"))/rabbitmq ERL_EPMD_PORT=$STACK_EPMD_PORT
      export ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_CONF_ENV_FILE=/dev/null
      exec /usr/lib/rabbitmq/bin/rabbitmqctl -n "$STACK_RABBITMQ_NODE" "$@"
      """
    _ = try scratch.make("bin")
    try script.write(toFile: scratch("bin/rabbitmqctl"), atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: scratch("bin/rabbitmqctl"))
  }

  /// Asks PostgreSQL as its administrator.
  @discardableResult
  func ask(_ statement: String) throws -> String {
    try Command.check("/usr/bin/psql", ["-X", "-qAtc", statement, admin])
  }

  @discardableResult
  func control(_ words: String...) throws -> String {
    try Command.check(scratch("bin/rabbitmqctl"), ["-q"] + words)
  }

  /// Drops its databases and its role; the broker, whose commands are slow, goes with the stack.
  func end() throws {
    try ask("DROP DATABASE IF EXISTS \(tool.name) WITH (FORCE)")
    try tool.dropDatabases()
    try ask("DROP ROLE IF EXISTS \(tool.name)")
  }
}
