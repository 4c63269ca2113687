import Foundation

/// One line of the drills' table.
struct Report {
  let drill: Drill
  let seed: UInt64
  let scene: Scene
  let verdict: Verdict
  let signs: [Witness.Sign: Int]
  /// The 99th percentile while the harm went on and in the two seconds after it; milliseconds.
  let latency: (during: Int?, after: Int?)

  /// An answer that puts off, politely: 503 with Retry-After.
  static let comeAgain = "503 with Retry-After"

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
    faults += scene.oracle.wrongAnswers.prefix(5)
    // Whatever fails, it is told as what it is.
    for kind in RequestKind.allCases where scene.oracle.tally(of: kind).others["500"] != nil {
      faults.append("\(kind): answered 500")
    }
    if !drill.mayFail { faults += RequestKind.allCases.compactMap(refusal(of:)) }
    if !verdict.dropped.isEmpty, !drill.mustSee.contains(.drop) {
      faults.append("clicks were dropped where nothing fills the journals")
    }
    for sign in drill.mustSee where signs[sign, default: 0] == 0 {
      faults.append("no \(sign.rawValue) was seen")
    }
    return faults
  }

  /// Why a kind of requests did not get what it must.
  private func refusal(of kind: RequestKind) -> String? {
    let tally = scene.oracle.tally(of: kind)
    guard tally.attempted > 0 else { return nil }
    let polite = tally.others[Self.comeAgain] ?? 0
    let others = tally.attempted - tally.right - polite
    switch kind {
    // A machine too busy to answer within the budgets is no fault of the drill's making.
    case .warm where polite + others <= tally.attempted / 1000: return nil
    case .managed, .edited:
      let most = drill.linksMayWait ? tally.attempted : 1 + tally.attempted / 20
      if tally.right > 0, polite <= most, others <= 1 { return nil }
    case .cold, .unknown, .limited:
      let most = drill.linksMayWait ? tally.attempted : 1 + tally.attempted / 20
      if tally.right > 0, polite <= most, others == 0 { return nil }
    // The drills do harm to the pools that are asked past nginx.
    case .retried where tally.right > 0: return nil
    case .warm, .retried: break
    }
    return "\(kind): of \(tally.attempted) only \(tally.right) were right: \(tally.others)"
  }

  var text: String {
    var seen = Witness.Sign.allCases.compactMap { sign in
      signs[sign].flatMap { $0 > 0 ? "\(sign.rawValue) \($0)" : nil }
    }
    if scene.pointsReached > 0 { seen.append("killed at \(scene.pointsReached) points") }
    if !verdict.dropped.isEmpty { seen.append("dropped \(verdict.dropped.count)") }
    seen += RequestKind.allCases.compactMap(told(of:))
    seen += scene.notes + verdict.notes
    let p99 = [latency.during, latency.after].map { $0.map(String.init) ?? "-" }
    return Self.line(
      drill.name,
      [
        "\(verdict.attempted)", "\(verdict.answered)", "\(verdict.stored)", "\(verdict.lost.count)",
        "\(verdict.double)", "\(verdict.spurious)", "\(verdict.corrupt)",
        String(format: "%.1f", verdict.recoveredSeconds),
      ],
      p99.joined(separator: ", ").padding(toLength: 12, withPad: " ", startingAt: 0)
        + seen.joined(separator: ", "))
  }

  /// What became of a kind of requests; nothing to tell of when all is as it always is.
  private func told(of kind: RequestKind) -> String? {
    let tally = scene.oracle.tally(of: kind)
    let others = tally.others.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
    if kind == .warm, others.isEmpty || tally.attempted == 0 { return nil }
    return (["\(kind) \(tally.right)"] + others).joined(separator: " + ")
  }

  /// That of the longest name.
  private static let width = Drills.named.map(\.name.count).max() ?? 0

  private static func line(_ name: String, _ numbers: [String], _ rest: String) -> String {
    let columns = numbers.map { String(repeating: " ", count: max(0, 11 - $0.count)) + $0 }
    return name.padding(toLength: max(width, name.count), withPad: " ", startingAt: 0)
      + columns.joined() + "  " + rest
  }
}
