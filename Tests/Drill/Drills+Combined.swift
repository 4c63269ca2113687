import Foundation
import TestSupport

/// Two parts at once, and journals that come and go behind the relay's back.
extension Drills {
  static let pairs: [Drill] = [
    Drill(name: "rabbitmq-stopped-relay-killed", mustSee: [.relayCut]) { scene in
      try Supervisor.stop("engines:rabbitmq")
      scene.pause(15)
      try scene.faults.kill(.relay)
      scene.pause(2)
      try Supervisor.start("engines:rabbitmq")
      scene.pause(1)
      try scene.faults.kill(.relay)
      scene.pause(3)
    },
    Drill(name: "clickhouse-stopped-consumer-restarted", mustSee: [.held, .redelivery]) { scene in
      try Supervisor.stop("engines:clickhouse")
      scene.pause(8)
      try scene.faults.restart(.consumer)
      scene.pause(7)
      try Supervisor.start("engines:clickhouse")
      scene.pause(3)
    },
  ]

  static let ledgers: [Drill] = [
    Drill(name: "reconcile-names-what-is-lost") { scene in
      try Reconciliation.destroyOne(&scene)
    },
    Drill(name: "reconcile-puts-back", mustSee: [.twice]) { scene in
      try Reconciliation.putBackOne(&scene)
    },
    // A copy of the journals from before is laid into the folder again when they are through.
    Drill(name: "journals-restored", mustSee: [.resend]) { scene in
      let copies = try JournalCopies()
      defer { copies.remove() }
      for _ in 0..<40 {
        try copies.take()
        scene.pause(0.2)
      }
      let count = try copies.restore()
      if count == 0 { scene.complaints.append("no journal had gone") }
      scene.notes.append("restored \(count)")
      scene.pause(2)
    },
    // The relay's progress lost, and then an old one in its place.
    Drill(name: "relay-progress-lost", mustSee: [.resend]) { scene in
      let progress = try TestStack.value("JOURNAL_DIR") + "/.relay-cursors"
      let old = try? Data(contentsOf: URL(fileURLWithPath: progress))
      scene.pause(3)
      for content in [nil, old] {
        try Supervisor.stop("relay")
        unlink(progress)
        try content?.write(to: URL(fileURLWithPath: progress))
        try Supervisor.start("relay")
        scene.pause(3)
      }
    },
  ]
}
