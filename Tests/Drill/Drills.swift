import Foundation
import TestSupport

/// The drills that have a name.
enum Drills {
  static let named: [Drill] =
    matrix + networks + disks + killPoints + points + journals + directory + ledgers + combined
    + pairs + supervisors + clocks + clients + stalls + hosts + cold

  /// Those that `make test` runs: a fault of each step of the way, in less than a minute.
  static let short = ["consumer-kill-points-short", "torn-journals"]

  /// A fault of each step of the way that shows something without small journals and batches: to be
  /// run with the settings of production, AS_SHIPPED=1.
  static let shipped: Set = [
    "worker-freeze", "worker-kill-points", "spare-kill", "postgres-freeze", "redis-freeze",
    "rabbitmq-freeze", "clickhouse-kill", "relay-kill", "consumer-kill-points",
    "redis-reset", "disk-full", "torn-journals", "postgres-and-redis-killed",
  ]

  /// How long what is frozen, cut off or slow stays so: HARM_SECONDS, 20 by default.
  static var harmSeconds: Double {
    ProcessInfo.processInfo.environment["HARM_SECONDS"].flatMap(Double.init) ?? 20
  }

  /// Each component killed, frozen for a while, restarted.
  private static let matrix: [Drill] = Component.allCases.flatMap { component -> [Drill] in
    let mayFail = component == .nginx
    let mayWait = component == .postgres || component == .redis
    return [
      Drill(name: "\(component)-kill", mayFail: mayFail, linksMayWait: mayWait) { scene in
        switch component {
        case .spare:
          // It serves only when a worker of the first pool has failed.
          for _ in 0..<4 {
            try scene.faults.kill(.worker)
            try scene.faults.kill(.spare)
            scene.pause(1)
          }
        case .worker, .lookup, .api, .relay, .consumer, .nginx:
          try scene.faults.kill(component, times: 4)
        default: try scene.faults.kill(component)
        }
        scene.pause(4)
      },
      Drill(name: "\(component)-freeze", mayFail: mayFail, linksMayWait: mayWait) { scene in
        try scene.faults.freeze(component, seconds: harmSeconds)
      },
      Drill(name: "\(component)-restart", linksMayWait: mayWait) { scene in
        try scene.faults.restart(component)
        scene.pause(2)
      },
    ]
  }

  /// A process killed at one of its own system calls, at points along the way of a click.
  private static let killPoints: [Drill] = [
    // K1 to K4: before and after the journal's write, before and after the answer's.
    Drill(name: "worker-kill-points", mustSee: [.second]) { scene in
      try kill(.worker, at: ["write", "write", "epoll_pwait", "write", "close"], upTo: 9, &scene)
    },
    // K5 to K8 and K10: before publishing, before the confirm, before the progress is kept, before
    // a journal is removed; a confirm that never comes.
    Drill(name: "relay-kill-points", mustSee: [.resend]) { scene in
      try kill(.relay, at: ["sendmsg,sendto,writev", "poll,ppoll"], upTo: 12, &scene)
      try kill(.relay, at: ["fsync", "rename", "fsync", "unlinkat"], upTo: 2, &scene)
      for _ in 0..<3 {
        try scene.faults.fail(
          .relay, at: "recvfrom,recvmsg,read", with: "ECONNRESET",
          count: Int.random(in: 1...8, using: &scene.faults.random))
      }
    },
    // K11 to K16: batch open, sealed, sent, stored, counted, before the acknowledgement.
    Drill(name: "consumer-kill-points", mustSee: [.redelivery, .settle]) { scene in
      try kill(
        .consumer, at: ["connect", "recvfrom,recvmsg,read", "sendto,sendmsg,writev"], upTo: 9,
        &scene)
      try kill(.consumer, at: ["connect", "poll,ppoll", "sendto,sendmsg,writev"], upTo: 9, &scene)
      for _ in 0..<3 {
        try scene.faults.fail(
          .consumer, at: "recvfrom,recvmsg,read", with: "ECONNRESET",
          count: Int.random(in: 1...12, using: &scene.faults.random))
      }
    },
    Drill(name: "consumer-kill-points-short", mustSee: [.redelivery]) { scene in
      try kill(.consumer, at: ["connect", "sendto,sendmsg,writev"], upTo: 5, &scene)
    },
    // K14: ClickHouse dies amid inserts, again and again.
    Drill(name: "clickhouse-kill-repeatedly") { scene in
      for _ in 0..<4 {
        try scene.faults.kill(.clickhouse)
        scene.pause(Double.random(in: 2...5, using: &scene.faults.random))
      }
    },
  ]

  static func kill(
    _ component: Component, at points: [String], upTo most: Int, _ scene: inout Scene
  ) throws {
    for calls in points {
      let count = Int.random(in: 1...most, using: &scene.faults.random)
      try reach(&scene, "\(component) at \(calls)") { faults in
        try faults.kill(component, at: calls, count: count)
      }
    }
  }

  private static let journals: [Drill] = [
    Drill(name: "torn-journals", mustSee: [.torn, .dead]) { scene in
      for index in 0..<4 { try DamagedJournal.plant(index, for: scene) }
      scene.pause(4)
    },
    Drill(
      name: "disk-full", mustSee: [.drop], prepare: DiskFull.mount, cleanUp: DiskFull.unmount
    ) { scene in
      try scene.faults.freeze(.rabbitmq, seconds: 12)
      scene.pause(5)
    },
    Drill(
      name: "disk-full-relay-frozen", mustSee: [.drop], prepare: DiskFull.mount,
      cleanUp: DiskFull.unmount
    ) { scene in
      try scene.faults.freeze(.relay, seconds: 12)
      scene.pause(5)
    },
    // JOURNAL_MAX_BYTES is 4 MiB here.
    Drill(name: "journals-at-their-bound", mustSee: [.drop], padding: 400) { scene in
      try scene.faults.freeze(.rabbitmq, seconds: 30)
      scene.pause(5)
    },
    Drill(name: "many-journals") { scene in
      try Supervisor.stop("relay")
      for _ in 0..<3000 { try DamagedJournal.plantOne(for: scene) }
      try Supervisor.start("relay")
      scene.pause(2)
    },
  ]

  private static let combined: [Drill] = [
    Drill(name: "rabbitmq-frozen-relay-killed", mustSee: [.redelivery]) { scene in
      var faults = scene.faults
      try scene.faults.freeze(.rabbitmq, seconds: 10) { try faults.kill(.relay, times: 3) }
      try scene.faults.kill(.consumer)
      scene.pause(3)
    },
    Drill(name: "rabbitmq-killed-relay-killed") { scene in
      try scene.faults.kill(.rabbitmq)
      try scene.faults.kill(.relay, times: 3)
      scene.pause(6)
    },
    // An insert waits at the door of a server that stands still, and its sender is gone.
    Drill(name: "clickhouse-frozen-consumer-killed", mustSee: [.redelivery, .settle]) { scene in
      var faults = scene.faults
      for _ in 0..<3 {
        try scene.faults.freeze(.clickhouse, seconds: 4) {
          usleep(1_000_000)
          try faults.kill(.consumer)
        }
        scene.pause(4)
      }
    },
    Drill(name: "clickhouse-killed-consumer-killed", mustSee: [.redelivery]) { scene in
      try scene.faults.kill(.clickhouse)
      try scene.faults.kill(.consumer, times: 3)
      scene.pause(4)
    },
    // Stopped for longer than the broker waits for a heartbeat: it must settle anew.
    Drill(name: "consumer-zombie", mustSee: [.redelivery], rate: 150) { scene in
      try scene.faults.freeze(.consumer, seconds: 100)
    },
    Drill(name: "rabbitmq-blocked", mustSee: [.blocked]) { scene in
      try Broker.setBlocked(true)
      scene.pause(8)
      try Broker.setBlocked(false)
    },
    Drill(name: "rabbitmq-blocked-relay-killed", mustSee: [.blocked]) { scene in
      try Broker.setBlocked(true)
      try scene.faults.kill(.relay, times: 2)
      scene.pause(4)
      try Broker.setBlocked(false)
    },
    Drill(name: "postgres-and-redis-killed", mayFail: true) { scene in
      try scene.faults.kill(.postgres)
      try scene.faults.kill(.redis)
      scene.pause(6)
    },
    Drill(name: "reload-during-restart") { scene in
      try scene.faults.restart(.nginx)
      for (index, program) in try Component.worker.programs.enumerated() {
        if index % 3 == 1 { try scene.faults.restart(.nginx) }
        try Supervisor.restart(program)
      }
    },
    // Frozen before the journal's write or before the answer, until the backup pool has answered.
    Drill(name: "worker-frozen-amid-a-request", mustSee: [.second, .twice]) { scene in
      for turn in 1...6 {
        try scene.faults.freeze(.worker, at: "write", count: turn, seconds: 1.5)
        scene.pause(0.3)
      }
    },
  ]

  private static let clients: [Drill] = [
    Drill(name: "slow-clients", mustSee: [.cutOff, .refused]) { _ in try SlowClients.attack() }
  ]

  /// A scenario by chance: one to three faults, some of them one within the other.
  static func random(_ seed: UInt64) -> Drill {
    Drill(name: "random-\(seed)", mayFail: true) { scene in
      for _ in 0..<Int.random(in: 1...3, using: &scene.faults.random) {
        try fault(&scene, depth: 0)
        scene.pause(Double.random(in: 0...1.5, using: &scene.faults.random))
      }
    }
  }

  private static func fault(_ scene: inout Scene, depth: Int) throws {
    let component = Component.allCases.randomElement(using: &scene.faults.random) ?? .worker
    switch Int.random(in: 0..<5, using: &scene.faults.random) {
    case 0, 1: try scene.faults.kill(component)
    case 2:
      if component == .worker || component == .nginx {
        try scene.faults.restart(.nginx)
      } else {
        try scene.faults.restart(component)
      }
    default:
      let seconds = Double.random(in: 0.5...6, using: &scene.faults.random)
      var inner = scene
      try scene.faults.freeze(component, seconds: seconds) {
        if depth == 0, Bool.random(using: &inner.faults.random) { try fault(&inner, depth: 1) }
      }
      scene.faults.random = inner.faults.random
    }
  }
}
