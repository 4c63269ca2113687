import TestSupport

/// nginx, and what clients can do to it.
extension Drills {
  static let nginx: [Drill] =
    basics(of: .nginx, mayFail: true) + [
      Drill(
        name: "redirects-survive-reload-during-restart",
        claim: "\(Promise.redirects.claim) while nginx is reloaded and the pool restarted."
      ) { scene in
        try scene.faults.restart(.nginx)
        for (index, program) in try Component.worker.programs.enumerated() {
          if index % 3 == 1 { try scene.faults.restart(.nginx) }
          try Supervisor.restart(program)
        }
      },
      Drill(
        name: "redirects-survive-slow-clients",
        claim: "\(Promise.redirects.claim) while 1 000 clients send or read slowly.",
        mustSee: [.cutOff, .refused]
      ) { _ in try SlowClients.attack() },
    ]
}
