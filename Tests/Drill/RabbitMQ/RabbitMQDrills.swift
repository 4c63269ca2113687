import TestSupport

/// RabbitMQ alone: dead, cut off, full, blocked.
extension Drills {
  static let rabbitmq: [Drill] =
    basics(of: .rabbitmq) + network(of: .rabbitmq) + brokerFaults + brokerAndRelay

  private static let brokerFaults: [Drill] = [
    // Longer than broker and consumer wait for each other's heartbeats.
    Drill(
      name: "clicks-survive-rabbitmq-cut-for-long",
      claim: "\(Promise.clicks.claim) while RabbitMQ is cut off beyond its heartbeats.",
      mustSee: [.relayCut, .redelivery], rate: 130, managed: 6, edited: 10, limited: 2
    ) { scene in
      try Network.through(.rabbitmq) { proxy in
        proxy.mode = .drop
        scene.pause(100)
        proxy.mode = .pass
        scene.pause(3)
      }
    },
    // K9: the broker dies as it writes messages, and as it syncs them.
    Drill(
      name: "clicks-survive-rabbitmq-kill-points",
      claim: "\(Promise.clicks.claim) when RabbitMQ is killed as it writes or syncs messages.",
      mustSee: [.relayCut]
    ) { scene in
      try scene.kill(.rabbitmq, at: ["fsync,fdatasync"], upTo: 4)
      scene.pause(8)
      try scene.kill(.rabbitmq, at: ["pwrite64,pwritev,write,writev"], upTo: 60)
      scene.pause(6)
    },
    // K10: the broker has the messages, and its confirms are lost with the connection.
    Drill(
      name: "clicks-count-once-confirms-lost",
      claim: "Each click counts once when RabbitMQ's confirms are lost with their connection.",
      mustSee: [.relayCut, .resend]
    ) { scene in
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
    // K17: the acknowledgement is sent, and the broker dies before it has it.
    Drill(
      name: "clicks-count-once-acknowledgements-lost",
      claim: "Each click counts once when the consumer's acknowledgements are lost.",
      mustSee: [.redelivery]
    ) { scene in
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
    Drill(
      name: "clicks-survive-rabbitmq-disk-full",
      claim: "\(Promise.clicks.claim) while RabbitMQ's disk fills up to its limit, then entirely.",
      mustSee: [.blocked], prepare: EngineDisk.rabbitmq.mount,
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
      name: "clicks-survive-rabbitmq-disk-full-at-once",
      claim: "\(Promise.clicks.claim) while RabbitMQ's disk is full without any warning before.",
      mustSee: [.relayCut], prepare: EngineDisk.rabbitmq.mount,
      cleanUp: EngineDisk.rabbitmq.unmount
    ) { scene in
      try Broker.ignoreDiskLimit()
      try Component.consumer.whileStopped {
        try EngineDisk.rabbitmq.fill()
        scene.pause(12)
        EngineDisk.rabbitmq.free()
      }
      scene.pause(5)
    },
    Drill(
      name: "clicks-survive-rabbitmq-blocked",
      claim: "\(Promise.clicks.claim) while RabbitMQ blocks its publishers.", mustSee: [.blocked]
    ) { scene in
      try Broker.setBlocked(true)
      scene.pause(8)
      try Broker.setBlocked(false)
    },
  ]
}
