import Foundation
import TestSupport

// `drill NAME…`: beside a stack that `supervisor/stack with` has started. `drill --list` needs none;
// with names it prints those alone, and fails for a name that nothing has. `drill --measure-changes N` is
// the bench's: no verdict, but times.

/// Prints a line at once, also into a pipe.
func say(_ line: String) {
  FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

let arguments = CommandLine.arguments.dropFirst()
let environment = ProcessInfo.processInfo.environment
let seed = environment["SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 1...999_999)
let scenarios = environment["SCENARIOS"].flatMap(Int.init) ?? 10
let times = max(1, environment["TIMES"].flatMap(Int.init) ?? 1)

if arguments.first == "--measure-changes" {
  do {
    try ChangeMeasurement.run(changes: arguments.last.flatMap { Int($0) } ?? 1000)
    exit(0)
  } catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
  }
}

let chosen: [Drill]
do {
  chosen = try Selection(
    arguments.filter { $0 != "--list" }, seed: seed, scenarios: scenarios
  ).drills
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(64)
}
if arguments.contains("--list") {
  say(chosen.isEmpty ? Catalog.text : Catalog.lines(of: chosen))
  exit(0)
}

say("seed \(seed)")
say(Report.header)
var failed: [String] = []
for drill in chosen {
  do {
    let report = try drill.run(seed: drill.seed ?? seed, times: times)
    say(report.text)
    if !report.faults.isEmpty {
      failed.append(drill.name)
      for fault in report.faults { say("    \(fault)") }
    }
  } catch {
    failed.append(drill.name)
    say("\(drill.name): \(error)")
  }
}
say(
  failed.isEmpty
    ? "\(chosen.count) drills passed, seed \(seed)"
    : "\(failed.count) of \(chosen.count) drills failed, seed \(seed): \(failed.joined(separator: " "))"
)
exit(failed.isEmpty ? 0 : 1)
