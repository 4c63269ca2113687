import Foundation
import TestSupport

/// The way from the tables by short code to those by link, with harm to those that go it.
extension Drills {
  static let seam: [Drill] = seamDeaths + seamHosts + seamMigration + seamEngines

  private static let sends = "sendto,sendmsg,writev"
  private static let reads = "recvfrom,recvmsg,read"

  private static let seamDeaths: [Drill] = [
    Drill(
      name: "clicks-count-once-seam-short",
      claim: "Each click counts once when consumer and carry are killed amid the seam.",
      rate: 200, seam: .crosses
    ) { scene in
      try killTakeovers(&scene, from: 12, by: 10...14, rounds: 3)
      try killCarries(&scene, rate: 0, by: 25...40, rounds: 2)
    },
    Drill(
      name: "clicks-count-once-seam-consumer-kill-points",
      claim: "Each click counts once when the consumer is killed at any step across the seam.",
      rate: 200, seam: .crosses
    ) { scene in
      try killTakeovers(&scene, from: 5, by: 1...3, rounds: 60)
    },
    Drill(
      name: "clicks-count-once-seam-carry-kill-points",
      claim: "Each click counts once when the carry is killed at any step, again and again.",
      rate: 200, seam: .crosses
    ) { scene in
      cross(&scene)
      // At any moment, whatever it is doing, and then at one call after the other.
      for _ in 0..<8 {
        scene.pause(Double.random(in: 0.1...1.5, using: &scene.faults.random))
        for pid in try CarryProgram.pids { Glibc.kill(pid, SIGKILL) }
      }
      try killCarries(&scene, rate: 0, by: 1...8, rounds: 60)
    },
  ]

  private static let seamMigration: [Drill] = [
    Drill(
      name: "clicks-count-once-seam-migration-broken-off",
      claim: "Each click counts once when a migration under load breaks off and runs again.",
      rate: 200, seam: .migrates
    ) { scene in
      if try OldBinary.storesAmidMigration(&scene) { return }
      scene.seam?.cross()
      var late = LateBatches(scene)
      try BrokenMigration.run(&scene) { scene in try late.store(&scene) }
      scene.notes.append("\(late.stored) old batches stored meanwhile")
      scene.pause(4)
    }
  ]

  /// Lets the clicks reach the stack's consumer, and waits until it has taken over.
  static func cross(_ scene: inout Scene) {
    scene.seam?.cross()
    let hasCrossed = eventually(seconds: 60) {
      ((try? Tables.lastOldBatch()) ?? nil) != nil
    }
    if !hasCrossed { scene.complaints.append("the consumer has not come across the seam") }
  }

  /// Kills consumers at one call of their lives after the other, until the seam is behind them.
  ///
  /// - Parameters:
  ///   - scene: Counts the points.
  ///   - first: The first call; those before connect to the broker.
  ///   - step: How many calls later the next one is killed.
  ///   - rounds: How often at most.
  /// - Throws: When no consumer can be started.
  static func killTakeovers(
    _ scene: inout Scene, from first: Int, by step: ClosedRange<Int>, rounds: Int
  ) throws {
    try Component.consumer.whileStopped {
      scene.seam?.cross()
      let consumer = DoomedProgram(name: "consumer")
      var (call, before, after) = (first, 0, 0)
      for round in 0..<rounds where after < 4 {
        let end = try consumer.run(
          dyingAt: round % 2 == 0 ? sends : reads, call, within: 12)
        if end == .killed { scene.pointsReached += 1 }
        if try Tables.lastOldBatch() == nil { before += 1 } else { after += 1 }
        call += Int.random(in: step, using: &scene.faults.random)
      }
      scene.notes.append("\(before) deaths before the last batch was fixed, \(after) after it")
      if before == 0 { scene.complaints.append("no consumer died on its way across the seam") }
    }
    scene.pause(2)
  }

  /// Kills carries at one call of their lives after the other, until one comes to its end.
  static func killCarries(
    _ scene: inout Scene, rate: Int, by step: ClosedRange<Int>, rounds: Int
  ) throws {
    try CarryProgram.stop()
    let carry = DoomedProgram(
      name: "swiftlet", arguments: ["clicks", "carry", "--rate", "\(rate)"])
    var (call, deaths) = (step.lowerBound, 0)
    for round in 0..<rounds {
      let end = try carry.run(dyingAt: round % 2 == 0 ? sends : reads, call, within: 60)
      if end == .killed { deaths += 1 }
      if end == .ended(0) { break }
      call += Int.random(in: step, using: &scene.faults.random)
    }
    scene.pointsReached += deaths
    if deaths == 0 { scene.complaints.append("no carry was killed") }
  }
}
