import Foundation

/// The supervisord of the stack under test, or another one at a URL, by its own command line.
package enum Supervisor {
  package struct Failed: Error {
    package let output: String
  }

  /// `supervisorctl start NAME`; returns when the program has been up for its `startsecs`.
  package static func start(_ name: String, at url: String? = nil) throws {
    try control(["start", name], at: url)
  }

  /// `supervisorctl stop NAME`; returns when the program has ended.
  package static func stop(_ name: String, at url: String? = nil) throws {
    try control(["stop", name], at: url)
  }

  package static func restart(_ name: String, at url: String? = nil) throws {
    try control(["restart", name], at: url)
  }

  /// `supervisorctl update`: takes in changed settings, and restarts the programs they are of.
  package static func update() throws { try control(["update"]) }

  /// The process that supervises.
  package static func pid() throws -> Int32 {
    let output = try run(["pid"])
    guard let pid = Int32(output.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw Failed(output: output)
    }
    return pid
  }

  /// The pids of the programs whose name begins so, those that run.
  package static func pids(_ prefix: String, at url: String? = nil) throws -> [Int32] {
    try status(at: url).split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ", omittingEmptySubsequences: true)
      guard words.count > 3, words[0].hasPrefix(prefix), words[1] == "RUNNING" else { return nil }
      return Int32(words[3].dropLast())
    }
  }

  /// The names of the programs that begin so.
  package static func names(_ prefix: String) throws -> [String] {
    try status().split(separator: "\n").compactMap { line in
      line.split(separator: " ").first.map(String.init).flatMap { $0.hasPrefix(prefix) ? $0 : nil }
    }
  }

  /// A line of each program: its name, its state.
  package static func status(at url: String? = nil) throws -> String {
    try run(["status"], at: url)
  }

  private static func control(_ arguments: [String], at url: String? = nil) throws {
    let output = try run(arguments, at: url)
    guard !output.contains("ERROR") else { throw Failed(output: output) }
  }

  private static func run(_ arguments: [String], at url: String? = nil) throws -> String {
    try Command.output(
      "/usr/bin/supervisorctl", ["-s", try url ?? TestStack.value("SUPERVISOR_URL")] + arguments)
  }
}
