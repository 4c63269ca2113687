import Foundation
import TestSupport

/// A stack of a test's own beside the one under test, as `make run` makes it.
struct PrivateStack: Sendable {
  /// Where it keeps its data and logs.
  let directory: String
  let http: HTTPClient
  /// What the script gets in its environment, and nothing else: variables of the stack under test
  /// would win over a file of settings.
  var variables: [String: String]

  struct Failed: Error {
    let output: String
  }

  /// Chooses a directory and a port; nothing is started.
  ///
  /// - Parameters:
  ///   - name: Tells in /tmp whose it is.
  ///   - variables: Its variables in addition to VAR, PORT and SWIFTLET_BIN.
  /// - Throws: When no port is free.
  init(_ name: String, _ variables: [String: String] = [:]) throws {
    directory = "/tmp/swiftlet-\(name)-\(UUID().uuidString.prefix(8))"
    http = HTTPClient(port: try Socket.freePort())
    let own = [
      "VAR": directory, "PORT": "\(http.port)", "SWIFTLET_BIN": TestStack.programs.path,
      "SWIFTLET_ENV": "/dev/null",
    ]
    let machine = ProcessInfo.processInfo.environment.filter { ["PATH", "HOME"].contains($0.key) }
    self.variables = machine.merging(own) { _, new in new }.merging(variables) { _, new in new }
  }

  /// `supervisor/stack` with these words.
  func run(_ words: String...) throws -> (status: Int32, output: String) { try run(words) }

  private func run(_ words: [String]) throws -> (status: Int32, output: String) {
    try Command.run(
      "/usr/bin/env",
      ["-i"] + variables.map { "\($0.key)=\($0.value)" }
        + [Repository.url("supervisor/stack").path] + words)
  }

  /// Starts it, or fails with what the script said.
  func up() throws {
    let (status, output) = try run("up")
    guard status == 0 else { throw Failed(output: output) }
  }

  /// Stops it and removes its data.
  func remove() throws {
    _ = try run("down")
    try FileManager.default.removeItem(atPath: directory)
  }

  /// `supervisorctl` of this stack.
  @discardableResult
  func control(_ words: String...) throws -> String {
    let output = try run(["ctl"] + words).output
    guard !output.contains("ERROR") else { throw Failed(output: output) }
    return output
  }

  /// The variables that the stack tells of itself, while it is up.
  func environment() throws -> [String: String] {
    let text = try Command.check(
      "/usr/bin/env",
      ["-i"] + variables.map { "\($0.key)=\($0.value)" } + [
        "/bin/bash", "-c", #"set -a; eval "$("$0" env)"; env"#,
        Repository.url("supervisor/stack").path,
      ])
    var variables: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2 { variables[parts[0]] = parts[1] }
    }
    return variables
  }
}
