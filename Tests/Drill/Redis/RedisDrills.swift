import TestSupport

/// Redis alone.
extension Drills {
  static let redis: [Drill] =
    basics(of: .redis, linksMayWait: true) + network(of: .redis) + [
      // It refuses to write, also what renews the workers' numbers, and goes on to be read.
      Drill(
        name: "creation-survives-redis-disk-full",
        claim: "Links can be made and redirected while Redis's disk is full and refuses writes.",
        linksMayWait: true, mustSee: [.postgresLease], editDelay: .announcement,
        prepare: RedisDisk.take, cleanUp: RedisDisk.giveBack
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
      }
    ]
}
