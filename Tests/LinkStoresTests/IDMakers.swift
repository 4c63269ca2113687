import Foundation
import Service
import TestSupport

/// Processes that make ids from one Redis and one PostgreSQL, each by a clock of its own.
final class IDMakers {
  /// One of them: what it made and logged is found under its name.
  struct Maker {
    let name: String
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
  init(redis: String, dsn: String, term: Int) throws {
    folder = "/tmp/swiftlet-ids-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let given = ProcessInfo.processInfo.environment
    program = given["IDMAKER"] ?? TestStack.programs.appendingPathComponent("idmaker").path
    environment = [
      "REDIS_URL": redis, "PG_DSN": dsn, "WORKER_ID_LEASE_TTL": "\(term)",
      "ID_BATCH": given["ID_BATCH"] ?? "200", "ID_PAUSE_US": "40000",
      // The clock that may step is CLOCK_REALTIME alone, as on a real machine.
      "LD_PRELOAD": "/usr/lib/\(Self.machine)-linux-gnu/faketime/libfaketime.so.1",
      "DONT_FAKE_MONOTONIC": "1", "FAKETIME_CACHE_DURATION": "1",
    ]
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Starts one whose clock is off by some seconds.
  func start(offset: Int = 0) throws -> Maker {
    let name = "\(names.count)"
    names.append(name)
    let clock = "\(folder)/\(name).clock"
    try setClock(name, offset: offset)
    let process = try ChildProcess(
      program,
      environment: environment.merging([
        "FAKETIME_TIMESTAMP_FILE": clock, "ID_FILE": "\(folder)/\(name).ids",
      ]) { _, own in own }, output: "\(folder)/\(name).log")
    return Maker(name: name, process: process)
  }

  /// Steps the clock of one; libfaketime looks at the file once a second.
  func setClock(_ name: String, offset: Int) throws {
    let text = (offset < 0 ? "" : "+") + "\(offset)"
    try text.write(toFile: "\(folder)/\(name).clock", atomically: true, encoding: .utf8)
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

  private static var machine: String {
    #if arch(arm64)
      "aarch64"
    #else
      "x86_64"
    #endif
  }
}
