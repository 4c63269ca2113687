import Foundation
import TestSupport

/// The journals' directory as others leave it: hostile, or full of journals.
extension Drills {
  static let directory: [Drill] = [
    // Relay and workers start and work among them.
    Drill(name: "hostile-folder", mustSee: [.unreadable]) { scene in
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
      let lines = scene.witness.signs()[.unreadable, default: 0]
      if lines > relays + 1 { scene.complaints.append("\(lines) lines tell of what can't be read") }
    },
    // So few that the journals of the drills' stack don't reach their bound meanwhile.
    Drill(name: "many-journals-latency", rate: 60) { scene in
      let seconds = 8.0
      try without(.relay) {
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
