import Foundation
import TestSupport

/// Invalidators that don't hear of a change.
extension Drills {
  static let deafness: [Drill] = [
    seen(
      "changes-seen-invalidator-kill",
      "Each edit is seen within a second while both hosts' invalidators are killed again and again."
    ) { observed, scene in
      for turn in 0..<8 {
        let pids = try observed.hosts.pids("invalidator")
        if turn % 2 == 0 { for pid in pids { Glibc.kill(pid, SIGKILL) } }
        try observed.link.change(.edit)
        if turn % 2 == 1 { for pid in pids { Glibc.kill(pid, SIGKILL) } }
        try observed.settle("after a kill")
        scene.pause(Double.random(in: 0.5...2, using: &scene.faults.random))
      }
    },
    seen(
      "changes-seen-invalidator-freeze",
      "Each edit is seen within a second while both hosts' invalidators are frozen, and when they wake up."
    ) { observed, scene in
      for seconds in [0.3, 1, 3, Scene.harmSeconds] {
        try observed.hosts.whileFrozen("invalidator") {
          try observed.editRepeatedly(seconds: seconds, scene)
        }
        try observed.edit("after a freeze")
      }
    },
    // The workers' own connections are well.
    seen(
      "changes-seen-invalidator-deaf",
      "Each edit is seen within a second while an invalidator's connection to Redis is half open.",
      cleanUp: hearDirectly
    ) { observed, scene in
      let redis = observed.hosts.second.redis
      let proxy = try FaultProxy(to: redis.port)
      defer { proxy.stop() }
      try Programs.give(
        ["REDIS_URL": "redis://127.0.0.1:\(proxy.port)/0"], to: [.invalidator])
      try observed.edit("by way of the proxy")
      for seconds in [1, Scene.harmSeconds] {
        proxy.mode = .drop
        try observed.editRepeatedly(seconds: seconds, scene)
        proxy.mode = .pass
        try observed.edit("when it hears again")
      }
      if proxy.harm == 0 { scene.complaints.append("no connection met with harm") }
    },
    // Its workers and its invalidator lose what they send, and nobody tells them.
    seen(
      "changes-seen-host-cut-off",
      "Each edit is seen within a second by a host whose network to Redis drops every packet."
    ) { observed, scene in
      let network = observed.hosts.second.network
      for seconds in [1, Scene.harmSeconds] {
        try network.setLink(up: false)
        try observed.editRepeatedly(seconds: seconds, scene)
        try network.setLink(up: true)
        try observed.edit("when it is joined again")
      }
    },
  ]

  @Sendable private static func hearDirectly() throws { try Programs.withdraw([.invalidator]) }
}
