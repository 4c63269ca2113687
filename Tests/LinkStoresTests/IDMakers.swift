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

  let folder: String
  private let environment: [String: String]
  private let program: String
  private(set) var names: [String] = []

  /// - Parameters:
  ///   - redis: REDIS_URL.
  ///   - dsn: PG_DSN.
  ///   - term: WORKER_ID_LEASE_TTL.
  /// - Throws: When the folder can't be made.
  init(redis: String, dsn: String, term: Int) throws {
    folder = "/tmp/swiftlet-ids-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let given = ProcessInfo.processInfo.environment
    program = given["IDMAKER"] ?? TestStack.programs.appendingPathComponent("idmaker").path
    environment = [
      "REDIS_URL": redis, "PG_DSN": dsn, "WORKER_ID_LEASE_TTL": "\(term)",
      "ID_BATCH": given["ID_BATCH"] ?? "200", "ID_PAUSE_US": "40000",
    ]
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Starts one whose clock is off by some seconds.
  func start(offset: Double = 0) throws -> Maker {
    let name = "\(names.count)"
    names.append(name)
    let clock = SteppedClock(file: "\(folder)/\(name).clock")
    try clock.step(to: offset)
    let process = try ChildProcess(
      program,
      environment: environment.merging(clock.environment) { own, _ in own }
        .merging(["ID_FILE": "\(folder)/\(name).ids"]) { own, _ in own },
      output: "\(folder)/\(name).log")
    return Maker(name: name, clock: clock, process: process)
  }

  /// The lines that one logged.
  func log(_ name: String) -> [String] {
    let text = (try? String(contentsOfFile: "\(folder)/\(name).log", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  /// The worker numbers that one took, in order, with the store of each.
  func taken(_ name: String) -> [(number: Int, store: String)] {
    log(name).filter { $0.contains("worker id taken") }.compactMap { line in
      let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      guard let number = (object?["worker_id"] as? String).flatMap({ Int($0) }),
        let store = object?["store"] as? String
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
    return stat("\(folder)/\(name).ids", &status) == 0 ? Int(status.st_size) / 8 : 0
  }

  var made: Int { names.reduce(0) { $0 + made($1) } }

  /// Looks whether an id was made twice, by any of them or, to see that it would be found, by one whose
  /// ids are read once more.
  func check(again name: String? = nil) throws -> (status: Int32, output: String) {
    let files = (names + [name].compactMap(\.self)).map { "\(folder)/\($0).ids" }
    return try Command.run(
      program, ["check"] + files.filter { FileManager.default.fileExists(atPath: $0) })
  }
}
