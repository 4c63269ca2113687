/// PostgreSQL alone, and with Redis.
extension Drills {
  static let postgres: [Drill] =
    basics(of: .postgres, linksMayWait: true) + network(of: .postgres) + [
      Drill(
        name: "creation-returns-after-postgres-disk-full",
        claim: "Creation says 503 with Retry-After until PostgreSQL's full disk has room again.",
        linksMayWait: true, mustSee: [.postgresFailed], editDelay: .commit,
        prepare: EngineDisk.postgres.mount, cleanUp: EngineDisk.postgres.unmount
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
      Drill(
        name: "clicks-survive-postgres-and-redis-kill",
        claim: "\(Promise.clicks.claim) when PostgreSQL and Redis are killed at once.",
        mayFail: true, editDelay: .announcement
      ) { scene in
        try scene.faults.kill(.postgres)
        try scene.faults.kill(.redis)
        scene.pause(6)
      },
    ]
}
