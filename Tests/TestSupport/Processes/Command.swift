import Foundation

/// A program that a test runs to its end.
///
/// Not Foundation's `Process`: that takes a program for running as long as anything it left in the
/// background does.
package enum Command {
  package struct StillRunning: Error {
    package let command: String
  }

  package struct Failed: Error, CustomStringConvertible {
    package let command: String
    package let output: String

    package var description: String { "\(command): \(output.prefix(500))" }
  }

  /// What it writes to stdout and stderr.
  package static func output(
    _ path: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> String {
    try run(path, arguments, environment: environment).output
  }

  /// Runs one that must succeed.
  ///
  /// - Returns: What it writes to stdout and stderr.
  @discardableResult
  package static func check(
    _ path: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> String {
    let (status, output) = try run(path, arguments, environment: environment)
    guard status == 0 else {
      throw Failed(command: ([path] + arguments).joined(separator: " "), output: output)
    }
    return output
  }

  /// Its exit status, and what it writes to stdout and stderr.
  package static func run(
    _ path: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> (status: Int32, output: String) {
    let file = "/tmp/swiftlet-output-\(UUID().uuidString)"
    defer { unlink(file) }
    let child = try ChildProcess(path, arguments, environment: environment, output: file)
    guard let status = child.wait(seconds: 120) else {
      throw StillRunning(command: ([path] + arguments).joined(separator: " "))
    }
    let output = try Data(contentsOf: URL(fileURLWithPath: file))
    return (status, String(decoding: output, as: UTF8.self))
  }
}
