import Foundation
import TestSupport

/// ClickHouse alone, and with the consumer.
extension Drills {
  static let clickhouse: [Drill] =
    basics(of: .clickhouse) + network(of: .clickhouse) + storeFaults + storeAndConsumer

  private static let storeFaults: [Drill] = [
    // K14: ClickHouse dies amid inserts, again and again.
    Drill(
      name: "clicks-survive-clickhouse-kill-repeatedly",
      claim: "\(Promise.clicks.claim) while ClickHouse is killed amid inserts again and again."
    ) { scene in
      for _ in 0..<4 {
        try scene.faults.kill(.clickhouse)
        scene.pause(Double.random(in: 2...5, using: &scene.faults.random))
      }
    },
    // K14: ClickHouse dies as it writes a part, and as it gives it its name.
    Drill(
      name: "clicks-survive-clickhouse-kill-points",
      claim: "\(Promise.clicks.claim) when ClickHouse is killed as it writes or names a part.",
      mustSee: [.settle]
    ) { scene in
      try scene.kill(
        .clickhouse, at: ["rename,renameat,renameat2", "write,pwrite64,writev"], upTo: 4)
      scene.pause(3)
    },
    // K13: ClickHouse has the rows, and says so to nobody.
    Drill(
      name: "clicks-count-once-insert-answers-lost",
      claim: "Each click counts once when ClickHouse's answers to inserts are lost.",
      mustSee: [.settle]
    ) { scene in
      try Network.through(.clickhouse) { proxy in
        for _ in 0..<3 {
          proxy.mode = .loseInsertAnswers
          scene.pause(3)
          proxy.mode = .pass
          scene.pause(2)
        }
      }
    },
    Drill(
      name: "clicks-survive-clickhouse-disk-full",
      claim: "\(Promise.clicks.claim) while ClickHouse's disk is full and the consumer is killed.",
      mustSee: [.settle], prepare: EngineDisk.clickhouse.mount,
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
  ]

  private static let storeAndConsumer: [Drill] = [
    // An insert waits at the door of a server that stands still, and its sender is gone.
    Drill(
      name: "clicks-survive-clickhouse-frozen-consumer-killed",
      claim: "\(Promise.clicks.claim) when the consumer is killed while ClickHouse is frozen.",
      mustSee: [.redelivery, .settle]
    ) { scene in
      var faults = scene.faults
      // Whether it is amid a batch then is chance.
      for round in 0..<12 where round < 3 || scene.witness.count(of: .settle) == 0 {
        try scene.faults.freeze(.clickhouse, seconds: 4) {
          usleep(1_000_000)
          try faults.kill(.consumer)
        }
        scene.pause(4)
      }
    },
    Drill(
      name: "clicks-survive-clickhouse-killed-consumer-killed",
      claim: "\(Promise.clicks.claim) when ClickHouse is killed, and the consumer three times.",
      mustSee: [.redelivery]
    ) { scene in
      try scene.faults.kill(.clickhouse)
      try scene.faults.kill(.consumer, times: 3)
      scene.pause(4)
    },
    Drill(
      name: "clicks-survive-clickhouse-stopped-consumer-restarted",
      claim: "\(Promise.clicks.claim) when the consumer is restarted while ClickHouse is stopped.",
      mustSee: [.held, .redelivery]
    ) { scene in
      try Component.clickhouse.whileStopped {
        scene.pause(8)
        try scene.faults.restart(.consumer)
        scene.pause(7)
      }
      scene.pause(3)
    },
  ]
}
