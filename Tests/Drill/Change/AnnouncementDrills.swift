import Foundation
import TestSupport

/// The dispatcher alone announces, and dies; and the exceptions that are stated.
extension Drills {
  /// A writer that does not reach Redis.
  private static let mute = ["REDIS_URL": "unix:///nonexistent/redis.sock"]

  static let announcements: [Drill] = [
    seen(
      "changes-seen-without-announcement",
      "An edit whose writer can't reach Redis is announced by the dispatcher and seen within a second."
    ) { observed, scene in
      for _ in 0..<6 {
        try observed.link.change(.edit, mute)
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
      for calls in ["sendto,sendmsg,write", "recvfrom,recvmsg,read", "poll,ppoll"] {
        for _ in 0..<4 {
          let count = Int.random(in: 1...6, using: &scene.faults.random)
          var link = observed.link
          try scene.reach("dispatcher at \(calls)") { faults in
            try link.change(.edit, mute)
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
      "The other host's dispatcher announces within three seconds when the active one is killed or frozen.",
      bound: 8
    ) { observed, scene in
      for turn in 0..<4 {
        let pids = try observed.hosts.pids("dispatcher")
        let pid = pids[turn / 2 % pids.count]
        Glibc.kill(pid, turn % 2 == 0 ? SIGKILL : SIGSTOP)
        defer { Glibc.kill(pid, SIGCONT) }
        try observed.link.change(.edit, mute)
        try observed.settle("by the other dispatcher")
        scene.pause(1)
      }
    },
  ]

  static let exceptions: [Drill] = [
    // Stated: Redis reachable for readers, and neither for the writer nor for a dispatcher.
    seen(
      "changes-wait-without-any-announcer",
      "An edit that nobody can announce waits for a dispatcher, and is seen a second after one is there."
    ) { observed, scene in
      var hidden = observed
      try observed.hosts.whileStopped("dispatcher") {
        try hidden.link.change(.edit, mute)
        scene.pause(5)
      }
      hidden.excuse(
        from: hidden.link.changes.last?.at ?? 0,
        seconds: PinnedConnection.now - (hidden.link.changes.last?.at ?? 0) + 1)
      observed = hidden
      try observed.settle("with a dispatcher")
      let stale =
        Sightings(of: observed.link.changes, in: observed.asker.all).staleSeconds.last ?? 0
      if stale < 1 { scene.complaints.append("the edit was seen without an announcement") }
    },
    // Stated: the last resort answers from memory while PostgreSQL and Redis are down.
    seen(
      "changes-wait-last-resort",
      "While PostgreSQL and Redis are down a link leads where it led, and a second after them where it leads.",
      linksMayWait: true
    ) { observed, scene in
      var inner = observed
      try observed.hosts.replaceRedis(&inner) { observed in
        try observed.link.change(.edit)
        try Component.postgres.whileStopped { scene.pause(5) }
        observed.excuse(
          from: observed.link.changes.last?.at ?? 0,
          seconds: PinnedConnection.now - (observed.link.changes.last?.at ?? 0) + 1)
      }
      observed = inner
      try observed.settle("with both")
      let stale =
        Sightings(of: observed.link.changes, in: observed.asker.all).staleSeconds.last ?? 0
      if stale < 1 { scene.complaints.append("no last resort was asked") }
    },
  ]
}
