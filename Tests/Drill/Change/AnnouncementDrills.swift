import Foundation
import TestSupport

/// The dispatcher alone announces, and dies.
extension Drills {
  static let announcements: [Drill] = [
    seen(
      "changes-seen-without-announcement",
      "An edit whose writer can't reach Redis is announced by the dispatcher and seen within a second."
    ) { observed, scene in
      for _ in 0..<6 {
        try observed.link.change(.edit, ChangingLink.mute)
        try observed.settle("by the dispatcher")
        scene.pause(Double.random(in: 0...1, using: &scene.faults.random))
      }
    },
    seen(
      "changes-seen-dispatcher-kill-points",
      "An edit that only the dispatcher announces is seen within three seconds, at whatever step that is killed.",
      bound: 3
    ) { observed, scene in
      // So that it is the first host's which is active.
      let second = observed.hosts.second.supervisor
      try Supervisor.stop("dispatcher", at: second)
      defer { try? Supervisor.start("dispatcher", at: second) }
      // Each round has a row of another link to announce and to mark.
      let stir = try ChildProcess("/usr/bin/psql", ["-Xqc", stirring, TestStack.value("PG_DSN")])
      defer { stir.signal(SIGTERM) }
      for calls in ["sendto,sendmsg,write", "recvfrom,recvmsg,read", "poll,ppoll"] {
        for _ in 0..<4 {
          let count = Int.random(in: 1...6, using: &scene.faults.random)
          var link = observed.link
          try scene.reach("dispatcher at \(calls)") { faults in
            try link.change(.edit, ChangingLink.mute)
            return try faults.kill(.dispatcher, at: calls, count: count)
          }
          observed.link = link
          try observed.settle("after a kill")
          scene.pause(1)
        }
      }
    },
    seen(
      "changes-seen-dispatcher-takeover",
      "The other host's dispatcher announces within eight seconds when the active one is killed or frozen.",
      bound: 8
    ) { observed, scene in
      for turn in 0..<4 {
        let pids = try observed.hosts.pids("dispatcher")
        let pid = pids[turn / 2 % pids.count]
        Glibc.kill(pid, turn % 2 == 0 ? SIGKILL : SIGSTOP)
        defer { Glibc.kill(pid, SIGCONT) }
        try observed.link.change(.edit, ChangingLink.mute)
        try observed.settle("by the other dispatcher")
        scene.pause(1)
      }
    },
  ]

  private static let stirring = """
    DO $$ BEGIN LOOP
      INSERT INTO outbox (link, slug) VALUES (1, 'stirring'); COMMIT; PERFORM pg_sleep(0.02);
    END LOOP; END $$
    """
}
