import Foundation
import Service
import TestSupport

/// Processes that make ids from one Redis and one PostgreSQL, each by a clock of its own.
final class IDMakers {
  /// One of them: what it made and logged is found under its name.
  struct Maker {
    let name: String
    let clock: SteppedClock
    let process: ChildProcess
  }

  private let directory: ScratchDirectory
  private let environment: [String: String]
  private let program: String
  private(set) var names: [String] = []

  /// - Parameters:
  ///   - redis: REDIS_URL.
  ///   - dsn: PG_DSN.
  ///   - term: WORKER_ID_LEASE_TTL.
  /// - Throws: When the directory can't be made.
  init(redis: String, dsn: String, term: Int) throws {
    directory = try ScratchDirectory("ids")
    let given = ProcessInfo.processInfo.environment
    program = given["IDMAKER"] ?? TestStack.programs.appendingPathComponent("idmaker").path
    environment = [
      "REDIS_URL": redis, "PG_DSN": dsn, "WORKER_ID_LEASE_TTL": "\(term)",
      "ID_BATCH": given["ID_BATCH"] ?? "200", "ID_PAUSE_US": "40000",
    ]
  }

  /// Starts one whose clock is off by some seconds.
  func start(offset: Double = 0) throws -> Maker {
    let name = "\(names.count)"
    names.append(name)
    let clock = SteppedClock(file: directory("\(name).clock"))
    try clock.step(to: offset)
    let process = try ChildProcess(
      program,
      environment: environment.merging(clock.environment) { own, _ in own }
        .merging(["ID_FILE": directory("\(name).ids")]) { own, _ in own },
      output: directory("\(name).log"))
    return Maker(name: name, clock: clock, process: process)
  }

  /// The lines that one logged.
  func log(_ name: String) -> [String] {
    let text = (try? String(contentsOfFile: directory("\(name).log"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  /// The worker numbers that one took, in order, with the store of each.
  func taken(_ name: String) -> [(number: Int, store: String)] {
    log(name).filter { $0.contains("worker id taken") }.compactMap { line in
      guard let entry = try? JSONAnswer(line), let number = try? Int(entry["worker_id"].text),
        let store = try? entry["store"].text
      else { return nil }
      return (number, store)
    }
  }

  /// How many lines of all logs have these words.
  func count(_ words: String) -> Int {
    names.reduce(0) { $0 + log($1).count { $0.contains(words) } }
  }

  /// How many ids one has made.
  func made(_ name: String) -> Int {
    var status = stat()
    return stat(directory("\(name).ids"), &status) == 0 ? Int(status.st_size) / 8 : 0
  }

  var made: Int { names.reduce(0) { $0 + made($1) } }

  /// Checks whether an id was made twice.
  ///
  /// To prove that it would be found, one maker's ids can be read once more.
  func check(again name: String? = nil) throws -> (status: Int32, output: String) {
    let files = (names + [name].compactMap(\.self)).map { directory("\($0).ids") }
    return try Command.run(
      program, ["check"] + files.filter { FileManager.default.fileExists(atPath: $0) })
  }
}
