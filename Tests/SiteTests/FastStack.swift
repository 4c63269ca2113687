import Foundation
import TestSupport

/// A stack of its own with the fast path on, beside the one under test.
struct FastStack: Sendable {
  let folder: String
  let site: Site
  /// The variables that the stack tells of itself.
  let variables: [String: String]
  private static let script = Repository.url("supervisor/stack").path

  struct Failed: Error {
    let output: String
  }

  /// Starts it; small journals, so that a test meets some of their ends.
  init() throws {
    folder = "/tmp/swiftlet-fast-\(UUID().uuidString.prefix(8))"
    let port = try Socket.freePort()
    let environment = [
      "VAR": folder, "PORT": "\(port)", "SWIFTLET_BIN": TestStack.programs.path,
      "SWIFTLET_ENV": "/dev/null", "BASE_URL": "http://localhost:\(port)", "FAST_PATH": "1",
      "CORS_ORIGINS": "https://app.example", "SHORTENER_WORKERS": "4", "ANALYTICS_WORKERS": "2",
      "JOURNAL_SEGMENT_BYTES": "16384", "HOT_CACHE_MS": "1000",
    ]
    let (status, output) = try Command.run(Self.script, ["up"], environment: environment)
    guard status == 0 else { throw Failed(output: output) }
    variables = try Self.variables(folder)
    site = Site(http: HTTPClient(port: port), baseURL: "http://localhost:\(port)")
  }

  func stop() throws {
    _ = try Command.run(Self.script, ["down"], environment: ["VAR": folder])
    try FileManager.default.removeItem(atPath: folder)
  }

  /// `supervisorctl` of this stack.
  func control(_ arguments: String...) throws {
    let output = try Command.output(
      Self.script, ["ctl"] + arguments, environment: ["VAR": folder])
    guard !output.contains("ERROR") else { throw Failed(output: output) }
  }

  func redis(_ arguments: String...) throws -> String {
    let socket = try value("SWIFTLET_RUN") + "/redis.sock"
    return try Command.output("/usr/bin/redis-cli", ["-s", socket] + arguments)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func query(_ sql: String) throws -> String {
    try ClickHouseClient.query(sql, at: value("CLICKHOUSE_URL"))
  }

  /// The ids of the stored clicks of a code, one for each row.
  func stored(_ code: String) throws -> [String] {
    try query("SELECT lower(hex(event_id)) FROM clicks WHERE short_code = '\(code)'")
      .split(separator: "\n").map(String.init)
  }

  /// nginx's master process, and its workers.
  func nginx() throws -> (master: pid_t, workers: [pid_t]) {
    let text = try String(contentsOfFile: value("SWIFTLET_RUN") + "/nginx.pid", encoding: .utf8)
    guard let master = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw Failed(output: text)
    }
    return (master, ProcessTree.children(of: master))
  }

  /// Whether nginx answered a request itself, by its log of requests; nil when that has no such line.
  func answeredByNginx(_ id: String) throws -> Bool? {
    let log = URL(fileURLWithPath: folder + "/log/access.log")
    var line: Substring?
    _ = try eventually(seconds: 10) {
      // Bytes that are not UTF-8 pass as they came.
      line = try String(decoding: Data(contentsOf: log), as: UTF8.self).split(separator: "\n")
        .last { $0.contains(id) }
      return line != nil
    }
    return line.map { $0.contains(#""upstream":"","#) }
  }

  func value(_ name: String) throws -> String {
    guard let value = variables[name] else { throw Failed(output: "no \(name)") }
    return value
  }

  private static func variables(_ folder: String) throws -> [String: String] {
    let text = try Command.output(
      "/bin/bash", ["-c", #"set -a; eval "$("$0" env)"; env"#, script],
      environment: ["VAR": folder])
    var variables: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2 { variables[parts[0]] = parts[1] }
    }
    return variables
  }
}
