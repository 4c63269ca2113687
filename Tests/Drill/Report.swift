import Foundation

/// One line of the drills' table.
struct Report {
  let drill: Drill
  let seed: UInt64
  let scene: Scene
  let verdict: Verdict
  let signs: [Witness.Sign: Int]
  let unanswered: [String: Int]
  /// The 99th percentile while the harm went on and in the two seconds after it; milliseconds.
  let latency: (during: Int?, after: Int?)

  static let header = line(
    "drill",
    ["attempted", "answered", "stored", "lost", "double", "spurious", "corrupt", "recovered_s"],
    "p99_ms      seen")

  /// Why it has failed; nothing when it has passed.
  var faults: [String] {
    var faults = verdict.remarks + scene.complaints
    if !verdict.isClean { faults.append("the sets differ") }
    if verdict.answered == 0 { faults.append("nothing was answered") }
    if verdict.recoveredSeconds > 60 { faults.append("not drained within 60 s") }
    // A machine too busy to answer within the budgets is no fault of the drill's making.
    if !drill.mayFail, verdict.attempted - verdict.answered > verdict.attempted / 1000 {
      faults.append("not redirected: \(unanswered)")
    }
    for sign in drill.mustSee where signs[sign, default: 0] == 0 {
      faults.append("no \(sign.rawValue) was seen")
    }
    return faults
  }

  var text: String {
    var seen = Witness.Sign.allCases.compactMap { sign in
      signs[sign].flatMap { $0 > 0 ? "\(sign.rawValue) \($0)" : nil }
    }
    if scene.pointsReached > 0 { seen.append("killed at \(scene.pointsReached) points") }
    if verdict.dropped > 0 { seen.append("dropped \(verdict.dropped)") }
    let kinds = unanswered.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
    if !kinds.isEmpty { seen.append("unanswered " + kinds.joined(separator: " ")) }
    seen += scene.notes + verdict.notes
    let p99 = [latency.during, latency.after].map { $0.map(String.init) ?? "-" }
    return Self.line(
      drill.name,
      [
        "\(verdict.attempted)", "\(verdict.answered)", "\(verdict.stored)", "\(verdict.lost)",
        "\(verdict.double)", "\(verdict.spurious)", "\(verdict.corrupt)",
        String(format: "%.1f", verdict.recoveredSeconds),
      ],
      p99.joined(separator: ", ").padding(toLength: 12, withPad: " ", startingAt: 0)
        + seen.joined(separator: ", "))
  }

  private static func line(_ name: String, _ numbers: [String], _ rest: String) -> String {
    let columns = numbers.map { String(repeating: " ", count: max(0, 11 - $0.count)) + $0 }
    return name.padding(toLength: max(28, name.count), withPad: " ", startingAt: 0)
      + columns.joined() + "  " + rest
  }
}
