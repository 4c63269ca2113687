import Foundation
import TestSupport

/// Engines whose disk is full, and a power cut; all of them need root.
extension Drills {
  static let disks: [Drill] = [
    Drill(
      name: "rabbitmq-disk-full", mustSee: [.blocked], prepare: EngineDisk.rabbitmq.mount,
      cleanUp: EngineDisk.rabbitmq.unmount
    ) { scene in
      // Below its own limit first, as a disk that fills up, then without a byte.
      try EngineDisk.rabbitmq.fill(leaving: 100 << 20)
      scene.await(.blocked, seconds: 60)
      scene.pause(3)
      try EngineDisk.rabbitmq.fill()
      scene.pause(6)
      EngineDisk.rabbitmq.free()
      scene.pause(5)
    },
    // Without being blocked before: what it writes fails, with messages that nobody takes away.
    Drill(
      name: "rabbitmq-disk-full-at-once", mustSee: [.relayCut],
      prepare: EngineDisk.rabbitmq.mount, cleanUp: EngineDisk.rabbitmq.unmount
    ) { scene in
      try Broker.ignoreDiskLimit()
      try without(.consumer) {
        try EngineDisk.rabbitmq.fill()
        scene.pause(12)
        EngineDisk.rabbitmq.free()
      }
      scene.pause(5)
    },
    Drill(
      name: "clickhouse-disk-full", mustSee: [.settle], prepare: EngineDisk.clickhouse.mount,
      cleanUp: EngineDisk.clickhouse.unmount
    ) { scene in
      try EngineDisk.clickhouse.fill()
      scene.await(.settle, seconds: 30)
      scene.pause(5)
      try scene.faults.kill(.consumer)
      scene.pause(5)
      EngineDisk.clickhouse.free()
      scene.pause(3)
    },
    Drill(
      name: "postgres-disk-full", linksMayWait: true, mustSee: [.postgresFailed],
      prepare: EngineDisk.postgres.mount,
      cleanUp: EngineDisk.postgres.unmount
    ) { scene in
      try EngineDisk.postgres.fill()
      var refused = 0
      for _ in 0..<400 where refused < 5 {
        if try !Creation.attempt(&scene, bytes: 7000) {
          refused += 1
          scene.pause(1)
        }
      }
      if refused == 0 { scene.complaints.append("every link was made") }
      EngineDisk.postgres.free()
      if try !Creation.succeeds(&scene, within: 60) {
        scene.complaints.append("no link could be made again")
      }
    },
    // It refuses to write, also what renews the workers' numbers, and goes on to be read.
    Drill(
      name: "redis-disk-full", linksMayWait: true, mustSee: [.postgresLease],
      prepare: RedisDisk.take,
      cleanUp: RedisDisk.giveBack
    ) { scene in
      try EngineDisk.redis.fill()
      if try !eventually(seconds: 30, { try RedisDisk.set().hasPrefix("MISCONF") }) {
        scene.complaints.append("Redis writes on a full disk")
      }
      for _ in 0..<3 * RedisDisk.leaseSeconds {
        if try !Creation.succeeds(&scene, within: 10) {
          scene.complaints.append("no link could be made")
        }
        scene.pause(1)
      }
      EngineDisk.redis.free()
      if try !eventually(seconds: 30, { try RedisDisk.set() == "OK" }) {
        scene.complaints.append("Redis does not write again")
      }
      scene.pause(2)
    },
    Drill(
      name: "journals-full-rabbitmq-blocked", mustSee: [.drop, .blocked], prepare: DiskFull.mount,
      cleanUp: DiskFull.unmount
    ) { scene in
      try Broker.setBlocked(true)
      scene.pause(10)
      try Broker.setBlocked(false)
      scene.pause(5)
    },
    // The power cut, with what the broker confirms never synced, and with the broker away.
    Drill(
      name: "power-cut", mayFail: true, prepare: PowerCut.mount, cleanUp: PowerCut.unmount
    ) { scene in
      scene.pause(5)
      try PowerCut.cut(&scene)
      scene.pause(5)
    },
    Drill(
      name: "power-cut-rabbitmq-stopped", mayFail: true, prepare: PowerCut.mount,
      cleanUp: PowerCut.unmount
    ) { scene in
      try without(.rabbitmq) {
        scene.pause(5)
        try PowerCut.cut(&scene)
      }
      scene.pause(5)
    },
  ]
}

/// Redis on a small disk, with workers whose numbers are soon to be renewed.
private enum RedisDisk {
  static let leaseSeconds = 4

  @Sendable static func take() throws {
    try EngineDisk.redis.mount()
    try Programs.give(["WORKER_ID_LEASE_TTL": "\(leaseSeconds)"], to: [.api])
  }

  @Sendable static func giveBack() throws {
    try EngineDisk.redis.unmount()
    try Programs.withdraw([.api])
  }

  /// What Redis answers to a write.
  static func set() throws -> String {
    let socket = try TestStack.value("SWIFTLET_RUN") + "/redis.sock"
    return try Command.output(
      "/usr/bin/redis-cli", ["-s", socket, "SET", "drill", "1", "EX", "60"]
    )
    .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
