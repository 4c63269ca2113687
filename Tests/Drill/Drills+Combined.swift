import Foundation
import TestSupport

/// Two parts at once, and journals that come and go behind the relay's back.
extension Drills {
  static let pairs: [Drill] = [
    Drill(name: "rabbitmq-stopped-relay-killed", mustSee: [.relayCut]) { scene in
      try without(.rabbitmq) {
        scene.pause(15)
        try scene.faults.kill(.relay)
        scene.pause(2)
      }
      scene.pause(1)
      try scene.faults.kill(.relay)
      scene.pause(3)
    },
    Drill(name: "clickhouse-stopped-consumer-restarted", mustSee: [.held, .redelivery]) { scene in
      try without(.clickhouse) {
        scene.pause(8)
        try scene.faults.restart(.consumer)
        scene.pause(7)
      }
      scene.pause(3)
    },
  ]

  /// Does something while a component is stopped, and starts it again whatever comes of it.
  static func without<Result>(
    _ component: Component, _ body: () throws -> Result
  ) throws -> Result {
    let programs = try component.programs
    for program in programs { try Supervisor.stop(program) }
    defer {
      for program in programs {
        do { try Supervisor.start(program) } catch { say("start \(program): \(error)") }
      }
    }
    return try body()
  }

  static let ledgers: [Drill] = [
    Drill(name: "reconcile-names-what-is-lost", retried: 0) { scene in
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
      let progress = try TestStack.value("STATE_DIR") + "/relay-cursors"
      let old = try? Data(contentsOf: URL(fileURLWithPath: progress))
      scene.pause(3)
      for content in [nil, old] {
        try without(.relay) {
          unlink(progress)
          try content?.write(to: URL(fileURLWithPath: progress))
        }
        scene.pause(3)
      }
    },
  ]
}
