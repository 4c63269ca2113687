import Foundation
import TestSupport

/// Look-up workers: what memory and Redis don't know, while PostgreSQL is well, slow, frozen and dead;
/// and when neither Redis nor PostgreSQL can be asked.
extension Drills {
  static let lookup: [Drill] = basics(of: .lookup) + limits + cold

  private static let limits: [Drill] = [
    // Before and after the statement that spends, and between it and the click's own write.
    Drill(
      name: "limits-hold-lookup-kill-points",
      claim:
        "No link leads one visitor too many or too few when a look-up worker dies amid a visit.",
      mustSee: [.second], limited: 80
    ) { scene in
      try scene.kill(.lookup, at: ["sendto,sendmsg", "recvfrom,recvmsg", "poll,ppoll"], upTo: 30)
      for isBefore in [true, false, true, false] {
        try scene.reach("at a limited click's write") { faults in
          try faults.killAtJournal(of: .lookup, before: isBefore)
        }
      }
    }
  ]

  private static let cold: [Drill] = [
    Drill(
      name: "warm-redirects-survive-cold-flood",
      claim: "Cold codes slow no warm redirect while PostgreSQL is well, slow, frozen or dead.",
      linksMayWait: true, mustSee: [.handedOn], editDelay: .commit, prepare: ship,
      cleanUp: unship, harm: flood),
    // The stack's workers take what they were told for a second only: all of it is old by then. Where
    // PostgreSQL goes first, look-up workers have never met the links; else they have.
    Drill(
      name: "warm-redirects-survive-postgres-and-redis-down",
      claim: "Each request for a warm link is redirected while PostgreSQL and Redis are stopped.",
      linksMayWait: true, mustSee: [.lastResort], editDelay: .announcement
    ) { scene in
      for (first, second) in [(Component.postgres, Component.redis), (.redis, .postgres)] {
        try first.whileStopped {
          scene.pause(2)
          try second.whileStopped { scene.pause(Scene.harmSeconds / 2) }
        }
        scene.pause(3)
      }
    },
  ]

  private static let redirecting: [Component] = [.worker, .lookup, .spare]

  /// The time limits of production.
  private static let production = [
    "REDIS_TIMEOUT_MS": "20", "PG_READ_TIMEOUT_MS": "150", "HOT_CACHE_MS": "30000",
  ]
  private static let phaseSeconds = 6.0

  @Sendable private static func ship() throws { try Programs.give(production, to: redirecting) }
  @Sendable private static func unship() throws { try Programs.withdraw(redirecting) }

  @Sendable private static func flood(_ scene: inout Scene) throws {
    let links = try ColdTraffic.plant(2000)
    let quiet = phase(&scene) ?? 1
    scene.notes.append("p99 quiet \(quiet) ms")
    let traffic = try ColdTraffic(links: links)
    defer {
      for (answer, count) in traffic.stop() {
        scene.complaints.append("cold: \(count) × \(answer)")
      }
    }
    // What a warm redirect may take beside cold ones: the machine decides what it takes alone.
    let bound = max(20, 4 * quiet)
    func warm(_ name: String, _ expected: [String], _ scene: inout Scene) {
      _ = traffic.take()
      let p99 = phase(&scene)
      let answers = traffic.take()
      let list = answers.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
      scene.notes.append("\(name) \(p99.map(String.init) ?? "-") (\(list.joined(separator: " ")))")
      if p99 ?? .max > bound { scene.complaints.append("\(name): p99 above \(bound) ms") }
      for status in expected where answers[status] == nil {
        scene.complaints.append("\(name): no cold request got \(status)")
      }
    }
    warm("well", ["301", "404"], &scene)
    try Network.through(.postgres) { proxy in
      proxy.mode = .late
      warm("slow", ["404", "503"], &scene)
      proxy.mode = .pass
    }
    var inner = scene
    try scene.faults.freeze(.postgres, seconds: 0) { warm("frozen", ["503"], &inner) }
    scene.notes = inner.notes
    scene.complaints = inner.complaints
    try Component.postgres.whileStopped { warm("dead", ["503"], &scene) }
    scene.pause(2)
  }

  /// The 99th percentile of the warm redirects of some seconds, in milliseconds.
  private static func phase(_ scene: inout Scene) -> Int? {
    let began = Date()
    scene.pause(phaseSeconds)
    return scene.oracle.latency(from: began, to: Date().addingTimeInterval(-0.5))
  }
}
