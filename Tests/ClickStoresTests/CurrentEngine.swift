import Foundation
import TestSupport
import XCTest

/// The current ClickHouse engine in a helper process, by the Python that `CHDB_PYTHON` names.
final class CurrentEngine {
  let url: String
  private let process = Process()
  private let input = Pipe()

  init() throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: try TestStack.value("CHDB_PYTHON"))
    process.arguments = [
      URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../chdb-server.py").path
    ]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    let port = try XCTUnwrap(UInt16(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    url = "http://default@127.0.0.1:\(port)/default"
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.terminate()
    process.waitUntilExit()
  }
}

extension Workbench {
  /// Runs a test on the server under test and on a current one, each with a database of its own.
  static func onBothServers(_ test: (Workbench) throws -> Void) throws {
    let current = try CurrentEngine()
    for url in [nil, current.url] { try test(Workbench(clickHouse: url)) }
  }
}
