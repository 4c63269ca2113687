import Foundation
import TestSupport

/// The journals as faults and strangers leave them: torn, restored, hostile, beyond number.
extension Drills {
  static let journals: [Drill] = drops + damaged + directory

  private static let damaged: [Drill] = [
    Drill(
      name: "torn-journals-cost-no-neighbour",
      claim: "Torn tails, overlong lines and lines that are no clicks cost no neighbour of theirs.",
      mustSee: [.torn, .dead]
    ) { scene in
      for index in 0..<4 { try DamagedJournal.plant(index, for: scene) }
      scene.pause(4)
    },
    // A copy of the journals from before is laid into the directory again when they are through.
    Drill(
      name: "clicks-count-once-journals-restored",
      claim: "Each click counts once when published journals come back from a backup.",
      mustSee: [.resend]
    ) { scene in
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
  ]

  private static let directory: [Drill] = [
    Drill(
      name: "clicks-survive-many-journals",
      claim: "\(Promise.clicks.claim) when the relay finds 3 000 journals at its start."
    ) { scene in
      try Supervisor.stop("relay")
      for _ in 0..<3000 { try DamagedJournal.plantOne(for: scene) }
      try Supervisor.start("relay")
      scene.pause(2)
    },
    // Relay and workers start and work among them.
    Drill(
      name: "hostile-directory-harms-nothing",
      claim: "Links, FIFOs and foreign files among the journals hold nothing up and lead nowhere.",
      mustSee: [.unreadable]
    ) { scene in
      let names = try HostileNames()
      defer { names.remove() }
      let relays = 3
      try names.plant(50)
      for _ in 0..<relays {
        try scene.faults.kill(.relay)
        try scene.faults.kill(.worker)
        scene.pause(4)
      }
      scene.complaints += names.faults
      // Each relay that found them says so once.
      let lines = scene.witness.count(of: .unreadable)
      if lines > relays + 1 { scene.complaints.append("\(lines) lines tell of what can't be read") }
    },
    // So few that the journals of the drills' stack don't reach their bound meanwhile.
    Drill(
      name: "redirects-stay-fast-many-journals",
      claim: "50 000 journals and 60 clients of /health and /metrics slow no redirect.",
      rate: 60, managed: 6, edited: 6, limited: 2
    ) { scene in
      let seconds = 8.0
      try Component.relay.whileStopped {
        let quiet = Date()
        scene.pause(seconds)
        let asked = Date()
        let before = try ManyJournals.whileAskedByMany { scene.pause(seconds) }
        let planted = Date()
        var (harmed, answers) = (Date(), 0)
        try ManyJournals.among(50_000) {
          harmed = Date()
          answers = try ManyJournals.whileAskedByMany { scene.pause(seconds) }
        }
        let without = scene.oracle.latency(from: quiet, to: asked) ?? 0
        let none = scene.oracle.latency(from: asked, to: planted) ?? 0
        let with = scene.oracle.latency(from: harmed, to: Date()) ?? .max
        scene.notes.append(
          "p99 \(without) ms, asked by 60 \(none), among 50 000 journals \(with); answers \(before), "
            + "\(answers)")
        if answers == 0 { scene.complaints.append("nobody was told of the journals") }
        if with > max(20, 3 * none) {
          scene.complaints.append("50 000 journals make redirects slow: \(none) and \(with) ms")
        }
      }
    },
  ]
}
