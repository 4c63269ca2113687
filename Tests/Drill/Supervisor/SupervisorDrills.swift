import Foundation
import TestSupport

/// supervisord itself frozen, and killed.
extension Drills {
  static let supervisor: [Drill] = [
    // What dies meanwhile is not replaced, and nobody reads what the programs log.
    Drill(
      name: "redirects-survive-supervisor-freeze",
      claim: "\(Promise.redirects.claim) while a frozen supervisord replaces nothing.",
      mustSee: [.redelivery]
    ) { scene in
      let supervisor = try Supervisor.pid()
      let victims = try [Component.worker, .relay, .consumer].map {
        try $0.somePid(&scene.faults.random)
      }
      Glibc.kill(supervisor, SIGSTOP)
      defer { Glibc.kill(supervisor, SIGCONT) }
      scene.pause(2)
      for victim in victims { Glibc.kill(victim, SIGKILL) }
      scene.pause(Scene.harmSeconds)
    },
    // Its workers serve on, relay and consumer end, and all of them end when the next one has started.
    // That one makes its sockets a second before their workers: until then some requests fail.
    Drill(
      name: "redirects-survive-supervisor-kill",
      claim: "Workers serve on when supervisord is killed, until the next one's have taken over.",
      mayFail: true, prepare: HostSupervisor.take,
      cleanUp: HostSupervisor.giveBack
    ) { scene in
      for _ in 0..<2 {
        let (workers, others) = (HostSupervisor.workers, HostSupervisor.others)
        let before = scene.oracle.counts
        HostSupervisor.kill()
        scene.pause(4)
        try expectCreation(&scene, "without supervisord")
        if !eventually(seconds: 20, { HostSupervisor.others.isDisjoint(with: others) }) {
          scene.complaints.append("relay or consumer without supervisord")
        }
        if HostSupervisor.workers != workers || workers.isEmpty {
          scene.complaints.append(
            "of \(workers.count) workers \(HostSupervisor.workers.count) left")
        }
        expectRedirects(&scene, since: before, "without supervisord")
        try HostSupervisor.start()
        if !eventually(seconds: 30, { HostSupervisor.workers.isDisjoint(with: workers) }) {
          scene.complaints.append("workers of the killed supervisord are still there")
        }
        let replaced = scene.oracle.counts
        try expectCreation(&scene, "with the next supervisord")
        scene.pause(3)
        expectRedirects(&scene, since: replaced, "with the next supervisord")
      }
    },
  ]

  /// All requests must have been redirected but, on a busy machine, one in 1 000.
  private static func expectRedirects(
    _ scene: inout Scene, since before: (attempted: Int, answered: Int), _ when: String
  ) {
    let now = scene.oracle.counts
    let attempted = now.attempted - before.attempted
    let missing = attempted - (now.answered - before.answered)
    if attempted == 0 || missing > max(1, attempted / 1000) {
      scene.complaints.append("\(missing) of \(attempted) not redirected \(when)")
    }
  }

  private static func expectCreation(_ scene: inout Scene, _ when: String) throws {
    if try !Creation.succeeds(&scene, within: 5) {
      scene.complaints.append("no link could be made \(when)")
    }
  }
}
