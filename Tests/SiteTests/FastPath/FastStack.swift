import Foundation
import TestSupport

/// A stack of its own with the fast path on, beside the one under test.
struct FastStack: Sendable {
  let site: Site
  /// The variables that the stack tells of itself.
  let variables: [String: String]
  private let stack: PrivateStack

  /// Starts it; small journals, so that a test meets some of their ends.
  init() throws {
    var stack = try PrivateStack(
      "fast",
      [
        "FAST_PATH": "1", "CORS_ORIGINS": "https://app.example", "SHORTENER_WORKERS": "4",
        "ANALYTICS_WORKERS": "2", "JOURNAL_SEGMENT_BYTES": "16384", "HOT_CACHE_MS": "60000",
        // Tests ask again and again, from one address.
        "LIMIT_STATS": "0", "LIMIT_UNKNOWN": "0",
      ])
    let url = "http://localhost:\(stack.http.port)"
    stack.variables["BASE_URL"] = url
    try stack.up()
    self.stack = stack
    variables = try stack.environment()
    site = Site(http: stack.http, baseURL: url)
  }

  /// Its VAR.
  var directory: String { stack.directory }

  func stop() throws { try stack.remove() }

  /// `supervisorctl` of this stack.
  func control(_ verb: String, _ name: String) throws { try stack.control(verb, name) }

  func redis(_ arguments: String...) throws -> String {
    let socket = try value("SWIFTLET_RUN") + "/redis.sock"
    return try Command.output("/usr/bin/redis-cli", ["-s", socket] + arguments)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// `swiftlet link` with these words.
  func change(_ words: String...) throws {
    let program = TestStack.programs.appendingPathComponent("swiftlet").path
    let (status, output) = try Command.run(program, ["link"] + words, environment: variables)
    guard status == 0 else { throw PrivateStack.Failed(output: output) }
  }

  /// How often Redis was asked by GET, which look-up workers don't.
  func gets() throws -> Int {
    let calls = try redis("INFO", "commandstats").firstMatch(of: /cmdstat_get:calls=(\d+)/)?.1
    return calls.flatMap { Int($0) } ?? 0
  }

  func query(_ sql: String) throws -> String {
    try ClickHouseClient.query(sql, at: value("CLICKHOUSE_URL"))
  }

  /// The ids of the stored clicks of a code, one for each row.
  func stored(_ code: String) throws -> [String] {
    try query("SELECT lower(hex(event_id)) FROM visits WHERE code = '\(code)'")
      .split(separator: "\n").map(String.init)
  }

  /// nginx's master process, and its workers.
  func nginx() throws -> (master: pid_t, workers: [pid_t]) {
    let text = try String(contentsOfFile: value("SWIFTLET_RUN") + "/nginx.pid", encoding: .utf8)
    guard let master = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw PrivateStack.Failed(output: text)
    }
    return (master, ProcessTree.children(of: master))
  }

  /// Whether nginx answered a request itself, by its log of requests; nil when that has no such line.
  func answeredByNginx(_ id: String) throws -> Bool? {
    let log = URL(fileURLWithPath: directory + "/log/access.log")
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
    guard let value = variables[name] else { throw PrivateStack.Failed(output: "no \(name)") }
    return value
  }
}
