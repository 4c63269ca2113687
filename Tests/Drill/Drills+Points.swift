import TestSupport

/// Points along the way of a click that need more than a kill at a system call, or one at an engine.
extension Drills {
  static let points: [Drill] = [
    // K1 and K2, exactly: the click's own write not carried out, and carried out without an answer.
    Drill(name: "worker-killed-around-the-write", mustSee: [.second, .twice]) { scene in
      for _ in 0..<3 {
        try reach(&scene, "before a click's write") { faults in
          try faults.killAtJournal(before: true)
        }
        try reach(&scene, "after a click's write") { faults in
          try faults.killAtJournal(before: false)
        }
      }
    },
    // K8: the journal is gone, and the progress that is written down doesn't say so.
    Drill(name: "relay-killed-after-unlink") { scene in
      for _ in 0..<3 {
        try reach(&scene, "after an unlink") { faults in
          try faults.kill(.relay, after: "unlinkat")
        }
      }
    },
    // K9: the broker dies as it writes messages, and as it syncs them.
    Drill(name: "rabbitmq-kill-points", mustSee: [.relayCut]) { scene in
      try kill(.rabbitmq, at: ["fsync,fdatasync"], upTo: 4, &scene)
      scene.pause(8)
      try kill(.rabbitmq, at: ["pwrite64,pwritev,write,writev"], upTo: 60, &scene)
      scene.pause(6)
    },
    // K10: the broker has the messages, and its confirms are lost with the connection.
    Drill(name: "confirms-lost", mustSee: [.relayCut, .resend]) { scene in
      try Network.through(.rabbitmq, users: [.relay]) { proxy in
        for _ in 0..<4 {
          proxy.mode = .loseAnswers
          scene.pause(2)
          proxy.reset()
          proxy.mode = .pass
          scene.pause(2)
        }
      }
    },
    // K13: ClickHouse has the rows, and says so to nobody.
    Drill(name: "insert-answers-lost", mustSee: [.settle]) { scene in
      try Network.through(.clickhouse) { proxy in
        for _ in 0..<3 {
          proxy.mode = .loseInsertAnswers
          scene.pause(3)
          proxy.mode = .pass
          scene.pause(2)
        }
      }
    },
    // K14: ClickHouse dies as it writes a part, and as it gives it its name.
    Drill(name: "clickhouse-kill-points", mustSee: [.settle]) { scene in
      try kill(
        .clickhouse, at: ["rename,renameat,renameat2", "write,pwrite64,writev"], upTo: 4, &scene)
      scene.pause(3)
    },
    // K17: the acknowledgement is sent, and the broker dies before it has it.
    Drill(name: "acknowledgements-lost", mustSee: [.redelivery]) { scene in
      try Network.through(.rabbitmq, users: [.consumer]) { proxy in
        for _ in 0..<2 {
          proxy.mode = .loseRequests
          scene.pause(2)
          try scene.faults.kill(.rabbitmq)
          proxy.reset()
          proxy.mode = .pass
          scene.pause(8)
        }
      }
    },
  ]

  /// Does harm that must come to pass, or the drill has shown nothing.
  static func reach(
    _ scene: inout Scene, _ point: String, _ harm: (inout Faults) throws -> Bool
  ) throws {
    if try harm(&scene.faults) {
      scene.pointsReached += 1
    } else {
      scene.complaints.append("not reached: \(point)")
    }
    // supervisord waits a second before it takes a new process for running.
    scene.pause(1.2)
  }
}
