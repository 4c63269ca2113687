import Foundation
import TestSupport

/// Redis away at the moment of a change, or back with what it had before it.
extension Drills {
  static let cacheHarm: [Drill] = [
    seen(
      "changes-seen-redis-freeze",
      "Each edit is seen within a second while Redis is frozen, and again from a second after its end.",
      linksMayWait: true
    ) { observed, scene in
      let pids = ProcessTree.all(of: try Component.redis.somePid(&scene.faults.random))
      for pid in pids { Glibc.kill(pid, SIGSTOP) }
      defer { for pid in pids { Glibc.kill(pid, SIGCONT) } }
      try observed.editRepeatedly(seconds: Scene.harmSeconds, scene)
      observed.excuse(from: PinnedConnection.now, seconds: 1)
      for pid in pids { Glibc.kill(pid, SIGCONT) }
      scene.pause(1.5)
      try observed.edit("after the freeze")
    },
    seen(
      "changes-seen-redis-down",
      "An edit made while Redis is down is seen within a second, and again from a second after Redis answers.",
      linksMayWait: true
    ) { observed, scene in
      for seconds in [0.0, 5] {
        try observed.hosts.replaceRedis(&observed) { observed in
          try observed.link.change(.edit)
          scene.pause(seconds)
        }
        try observed.settle("after Redis is back")
        scene.pause(1.5)
        try observed.edit("with Redis")
      }
    },
    seen(
      "changes-seen-redis-older-dump",
      "Redis restarted with a value from before an edit gives it until a second after its first answer at most.",
      linksMayWait: true
    ) { observed, scene in
      let directory = try observed.hosts.second.redis.directory()
      let copy = try ScratchDirectory("dump")
      // Its log of commands is synced each second.
      scene.pause(2)
      try Command.check("/bin/cp", ["-a", directory, copy("redis")])
      for _ in 0..<2 {
        try observed.edit("before the restart")
      }
      try observed.hosts.replaceRedis(&observed) { _ in
        try FileManager.default.removeItem(atPath: directory)
        try Command.check("/bin/cp", ["-a", copy("redis"), directory])
      }
      scene.pause(2)
      try observed.settle("after the restart")
      try observed.edit("with the older dump")
    },
    seen(
      "changes-seen-redis-flush",
      "Each edit is seen within a second while Redis is flushed again and again."
    ) { observed, scene in
      for turn in 0..<10 {
        if turn % 2 == 0 { try observed.hosts.second.redis.command("FLUSHALL") }
        try observed.link.change(.edit)
        if turn % 2 == 1 { try observed.hosts.second.redis.command("FLUSHALL") }
        scene.pause(Double.random(in: 0...1, using: &scene.faults.random))
        try observed.settle("after a flush")
      }
    },
    seen(
      "changes-seen-redis-failover",
      "A replica of Redis that takes over without the last second gives old values for a second at most.",
      linksMayWait: true
    ) { observed, scene in
      let redis = observed.hosts.second.redis
      let replica = try PrivateRedis(["--replicaof", redis.address, "\(redis.port)"])
      guard
        try eventually(
          seconds: 30,
          { try replica.command("INFO", "replication").contains("master_link_status:up") })
      else { throw DrillError("the replica does not follow") }
      try observed.settle("beside the replica")
      scene.pause(1)
      // What comes from now on doesn't reach it.
      try replica.command("REPLICAOF", "NO", "ONE")
      try observed.edit("before the failover")
      try observed.hosts.replaceRedis(&observed, by: replica) { _ in }
      scene.pause(2)
      try observed.settle("after the failover")
      try observed.edit("with the new primary")
      // Back to the first server, whose values are older than the last edit.
      try observed.hosts.replaceRedis(&observed) { _ in replica.kill() }
      scene.pause(2)
      try observed.settle("after the way back")
    },
  ]
}
