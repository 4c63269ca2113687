import Foundation
import TestSupport

// `drill [NAME…] [SEED]`: beside a stack that `supervisor/stack with` has started.

/// Prints a line at once, also into a pipe.
func say(_ line: String) {
  FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

let arguments = CommandLine.arguments.dropFirst()
let environment = ProcessInfo.processInfo.environment
let seed = environment["SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 1...999_999)
let scenarios = environment["SCENARIOS"].flatMap(Int.init) ?? 10
let times = max(1, environment["TIMES"].flatMap(Int.init) ?? 1)

if arguments.contains("--list") {
  for drill in Drills.named { say(drill.name) }
  say("random")
  exit(0)
}

var chosen: [Drill] = []
for name in arguments.flatMap({ $0.split(separator: ",").map(String.init) }) {
  switch name {
  case "all": chosen += Drills.named
  case "short": chosen += Drills.named.filter { Drills.short.contains($0.name) }
  case "shipped": chosen += Drills.named.filter { Drills.shipped.contains($0.name) }
  case "random": chosen += (0..<UInt64(scenarios)).map { Drills.random(seed &+ $0) }
  default:
    let found = Drills.named.filter { drill in
      drill.name == name || Component(rawValue: name) != nil && drill.name.hasPrefix(name + "-")
    }
    guard !found.isEmpty else {
      say("no drill has the name \(name): drill --list names them")
      exit(64)
    }
    chosen += found
  }
}

say("seed \(seed)")
say(Report.header)
var failed: [String] = []
for drill in chosen {
  let own = drill.name.hasPrefix("random-") ? UInt64(drill.name.dropFirst(7)) ?? seed : seed
  do {
    let report = try drill.run(seed: own, times: times)
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
