import Foundation
import TestSupport

/// The built `swiftlet`, run as an operator does, in a database of each engine of its own.
final class CommandLineTool {
  struct Run {
    let status: Int32
    let output: String
    let complaint: String

    var json: JSONAnswer { get throws { try JSONAnswer(output) } }
  }

  let name = "swiftlet_cli_\(UInt64.random(in: 0...UInt64.max))"
  private(set) var environment: [String: String]

  init() throws {
    let clickHouse = try TestStack.value("CLICKHOUSE_URL")
    let server = clickHouse[..<(clickHouse.lastIndex(of: "/") ?? clickHouse.endIndex)]
    environment = [
      "PG_DSN": try PostgresDSN.database(name), "PG_LOOKUP_DSN": "", "PG_API_DSN": "",
      "PG_ANALYTICS_DSN": "", "PG_DISPATCHER_DSN": "", "CLICKHOUSE_URL": "\(server)/\(name)",
      "REDIS_URL": try TestStack.value("REDIS_URL"), "REDIS_TIMEOUT_MS": "1000",
      "BASE_URL": "https://sho.rt", "SWIFTLET_ENV": "/dev/null",
    ]
  }

  func process(_ arguments: [String], _ others: [String: String] = [:]) -> Process {
    let process = Process()
    process.executableURL = TestStack.programs.appendingPathComponent("swiftlet")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    process.environment = ProcessInfo.processInfo.environment
      .merging(environment) { _, own in own }.merging(others) { _, other in other }
    process.standardOutput = Pipe()
    process.standardError = Pipe()
    process.standardInput = FileHandle.nullDevice
    return process
  }

  func run(_ arguments: String..., with others: [String: String] = [:]) throws -> Run {
    let process = process(arguments, others)
    try process.run()
    return Self.finish(process)
  }

  func run(_ arguments: [String]) throws -> Run {
    let process = process(arguments)
    try process.run()
    return Self.finish(process)
  }

  static func finish(_ process: Process) -> Run {
    func text(_ pipe: Any?) -> String {
      let data = (pipe as? Pipe)?.fileHandleForReading.readDataToEndOfFile() ?? Data()
      return String(decoding: data, as: UTF8.self)
    }
    let (output, complaint) = (text(process.standardOutput), text(process.standardError))
    process.waitUntilExit()
    return Run(status: process.terminationStatus, output: output, complaint: complaint)
  }

  /// Runs statements in its PostgreSQL database.
  func query(_ statements: String) throws {
    let psql = Process()
    psql.executableURL = URL(fileURLWithPath: "/usr/bin/psql")
    psql.arguments = [
      "-qX", "-v", "ON_ERROR_STOP=1", environment["PG_DSN"] ?? "", "-c", statements,
    ]
    try psql.run()
    psql.waitUntilExit()
    guard psql.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
  }

  /// Drops what it made.
  func dropDatabases() throws {
    let psql = Process()
    psql.executableURL = URL(fileURLWithPath: "/usr/bin/psql")
    psql.arguments = [
      "-qX", try PostgresDSN.superuser(), "-c",
      "DROP DATABASE IF EXISTS \(name) WITH (FORCE)",
    ]
    psql.standardError = FileHandle.nullDevice
    try psql.run()
    psql.waitUntilExit()
    _ = try ClickHouseClient.query("DROP DATABASE IF EXISTS \(name)")
  }
}
