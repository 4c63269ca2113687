import Foundation
import TestSupport

/// Two hosts on their way across the seam, and engines that fail meanwhile.
extension Drills {
  static let seamHosts: [Drill] = [
    Drill(
      name: "clicks-count-once-seam-two-hosts",
      claim: "Each click counts once while two hosts' consumers and carries die and freeze.",
      mustSee: [.standby, .takeover], rate: 200, seam: .crosses, prepare: OtherHost.hurry,
      cleanUp: OtherHost.stopHurrying
    ) { scene in
      var host = try OtherHost()
      var carry = try OtherCarry()
      scene.seam?.cross()
      for turn in 0..<20 {
        switch turn % 5 {
        case 0: try scene.faults.kill(.consumer)
        case 1: try carry.kill()
        case 2: try host.freeze(seconds: Double.random(in: 0.5...1.5, using: &scene.faults.random))
        case 3: for pid in try CarryProgram.pids { Glibc.kill(pid, SIGKILL) }
        // Its lock is gone when it wakes up, and another one has it.
        default: try carry.freezeWithoutLock(seconds: 1.5)
        }
        scene.pause(Double.random(in: 0.1...1, using: &scene.faults.random))
      }
      host.stop()
      carry.stop()
      scene.pause(2)
    },
    Drill(
      name: "clicks-count-once-seam-old-consumer-returns",
      claim: "A consumer of the release before that comes back amid the seam stores nothing.",
      rate: 200, seam: .crosses
    ) { scene in
      scene.seam?.cross()
      var batch = 1_000
      for _ in 0..<8 {
        let old = try OldConsumer()
        batch += 1
        if let some = scene.seam?.clicks.last.randomElement(using: &scene.faults.random) {
          if old.store(some.again(inBatch: batch)) {
            scene.complaints.append("an old consumer has stored a click")
          }
        }
        scene.pause(Double.random(in: 0.2...2, using: &scene.faults.random))
      }
      try OldBinary.comeBack(&scene)
    },
  ]

  static let seamEngines: [Drill] = [
    Drill(
      name: "clicks-count-once-seam-clickhouse-killed",
      claim: "Each click counts once when ClickHouse is killed and frozen amid the seam.",
      rate: 200, seam: .crosses
    ) { scene in
      // The first one dies with the consumer on its way: every table and view is a rename.
      let calls = ["rename,renameat,renameat2", "write,pwrite64,writev"]
      scene.seam?.cross(in: 1)
      try scene.kill(.clickhouse, at: [calls[0]], upTo: 20)
      let hasCrossed = ((try? Tables.lastOldBatch()) ?? nil) != nil
      scene.notes.append("killed \(hasCrossed ? "behind" : "before") the last old batch")
      try scene.kill(.clickhouse, at: calls, upTo: 12)
      try scene.faults.freeze(.clickhouse, seconds: 6)
      scene.pause(2)
      try scene.faults.kill(.clickhouse)
      try scene.kill(.clickhouse, at: calls, upTo: 40)
      scene.pause(3)
    },
    Drill(
      name: "clicks-count-once-seam-postgres-away",
      claim: "Each click counts once when PostgreSQL is away and is killed amid the seam.",
      linksMayWait: true, rate: 200, editDelay: .commit, seam: .crosses
    ) { scene in
      try Component.postgres.whileStopped {
        scene.seam?.cross()
        scene.pause(8)
      }
      scene.pause(3)
      try scene.faults.kill(.postgres)
      scene.pause(4)
    },
  ]
}
