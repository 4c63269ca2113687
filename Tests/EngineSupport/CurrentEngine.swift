import Foundation
import TestSupport

/// The current ClickHouse engine in a helper process, by the Python that `CHDB_PYTHON` names.
package final class CurrentEngine {
  package let url: String
  private let process = Process()
  private let input = Pipe()
  /// Of its temporary files, which it leaves.
  private let scratch: ScratchDirectory

  package init() throws {
    let output = Pipe()
    scratch = try ScratchDirectory("engine")
    process.executableURL = URL(fileURLWithPath: try TestStack.value("CHDB_PYTHON"))
    process.arguments = [
      Repository.url("Tests/chdb-server.py").path
    ]
    process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": scratch.path]) {
      $1
    }
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let port = UInt16(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw NotStarted(output: line)
    }
    url = "http://default@127.0.0.1:\(port)/default"
  }

  struct NotStarted: Error {
    let output: String
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.terminate()
    process.waitUntilExit()
  }
}

extension Workbench {
  /// Runs a test on the server under test and on a current one, each with a database of its own.
  package static func onBothServers(
    migratedTo last: Int? = nil, _ test: (Workbench) throws -> Void
  ) throws {
    let current = try CurrentEngine()
    for url in [nil, current.url] { try test(Workbench(clickHouse: url, migratedTo: last)) }
  }
}
