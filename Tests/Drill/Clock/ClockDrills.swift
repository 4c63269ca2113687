import Foundation
import TestSupport

/// The clock of Swiftlet's own programs steps, stands still, and they start by a wrong one.
extension Drills {
  static let clock: [Drill] = [
    Drill(
      name: "ids-stay-unique-with-clock-steps",
      claim: "No id is made twice and each click counts once while clocks step or stand still.",
      clockOff: day, prepare: StackClock.take, cleanUp: StackClock.giveBack
    ) { scene in
      let clock = try StackClock.clock
      let victims: [Component] = [.consumer, .worker, .relay, .api]
      for (turn, step) in steps.shuffled(using: &scene.faults.random).enumerated() {
        if let step { try clock.step(to: step) } else { try clock.freeze() }
        // libfaketime looks at the file once a second.
        scene.pause(2)
        try makeLink(&scene, "the clock at \(step.map { "\($0) s" } ?? "a standstill")")
        try scene.faults.kill(victims[turn % victims.count])
        scene.pause(1.5)
        try makeLink(&scene, "\(victims[turn % victims.count]) killed")
      }
      try clock.step(to: 0)
      scene.pause(2)
      try expectSteppedTimes(&scene)
    }
  ]

  private static let day = 86_400.0

  /// Seconds; nil is a clock that stands still.
  private static let steps: [Double?] = [
    3600, -3600, 0, -0.003, nil, day, -day, 27, -1,
  ]

  /// A link must be made, at the latest after some seconds, and by an id that nobody had.
  private static func makeLink(_ scene: inout Scene, _ when: String) throws {
    if try !Creation.succeeds(&scene, within: 20) {
      scene.complaints.append("no link could be made: \(when)")
    }
    if scene.witness.count(of: .collision) > 0 {
      scene.complaints.append("an id was made again: \(when)")
    }
  }

  /// Clicks must have been noted by clocks that were off both ways.
  private static func expectSteppedTimes(_ scene: inout Scene) throws {
    let now = Date().timeIntervalSince1970
    let last = try Tables.lastOldBatch() ?? 0
    var times = ""
    let areThere = try eventually(seconds: 30) {
      times = try ClickHouseClient.query(
        """
        SELECT min(toUInt32(timestamp)), max(toUInt32(timestamp)) FROM visits
        WHERE \(scene.links.condition(on: "link")) AND batch > \(last) FORMAT TabSeparated
        """)
      let ends = times.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
      // All steps together take some minutes.
      return ends.count == 2 && ends[0] < now - day + 1000 && ends[1] > now + day - 1000
    }
    if !areThere { scene.complaints.append("the clicks' times are from \(times)") }
  }
}
