import Foundation
import TestSupport

/// Changes of a link, and by when every worker of two hosts has seen them.
extension Drills {
  static let change: [Drill] = plainChanges + deafness + cacheHarm + announcements + exceptions

  private static let plainChanges: [Drill] = [
    seen(
      "changes-seen-everywhere",
      "Each edit, disabling, enabling and deletion is seen by every worker of two hosts within a second."
    ) { observed, scene in
      for verb in [ChangingLink.Verb.edit, .disable, .enable, .edit, .disable, .delete] {
        try observed.link.change(verb)
        try observed.settle("after \(verb)")
        scene.pause(Double.random(in: 0...0.7, using: &scene.faults.random))
      }
    },
    seen(
      "changes-seen-under-load",
      "Edits of a link under full load are seen within a second, and its p99 stays what it is.",
      pressure: 8
    ) { observed, scene in
      var latency: [Bool: [Int]] = [false: [], true: []]
      for turn in 0..<6 {
        let (began, isChanging) = (PinnedConnection.now, turn % 2 == 1)
        while PinnedConnection.now < began + 4 {
          if isChanging { try observed.link.change(.edit) }
          scene.pause(0.2)
        }
        latency[isChanging]?.append(observed.asker.latency(since: began))
      }
      let (quiet, changing) = (middle(latency[false]), middle(latency[true]))
      scene.notes.append("p99 \(quiet) ms without changes, \(changing) ms with them")
      if changing > 2 * quiet + 10 { scene.complaints.append("changes slow the link down") }
    },
    // By the same table, without an announcement of the writer's own.
    seen(
      "changes-seen-among-ten-thousand",
      "An edit is seen within a second while other links change 10 000 times a second, or what the machine gives."
    ) { observed, scene in
      let flood = try Flood()
      for _ in 0..<8 {
        try flood.change(links: 10_000, within: 1)
        try observed.link.change(.edit)
      }
      scene.notes.append(try flood.told())
      try observed.settle("after the flood")
      Signals.await("all announced", within: 60, &scene) { try flood.waiting() == 0 }
    },
    seen(
      "changes-seen-late-backfill",
      "No value read before an edit comes back by a look-up worker held 120 s before its backfill."
    ) { observed, scene in
      for seconds in [3.0, 120] { try LateBackfill.happen(&observed, &scene, holding: seconds) }
    },
  ]

  private static func middle(_ values: [Int]?) -> Int {
    let sorted = (values ?? []).sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
  }

  /// A drill whose harm is done while every worker is asked for a link.
  static func seen(
    _ name: String, _ claim: String, bound: Double = 1, pressure: Int = 0,
    linksMayWait: Bool = false, prepare: @escaping @Sendable () throws -> Void = {},
    cleanUp: @escaping @Sendable () throws -> Void = {},
    _ harm: @escaping @Sendable (inout Observation, inout Scene) throws -> Void
  ) -> Drill {
    // Under pressure the machine has no room for the other clients' time limits.
    var drill = Drill(
      name: name, claim: claim, mayFail: pressure > 0, linksMayWait: linksMayWait, rate: 100,
      editDelay: linksMayWait ? .announcement : .none
    ) { scene in
      var observed = try Observation(bound: bound, pressure: pressure)
      defer { observed.end(&scene) }
      try harm(&observed, &scene)
    }
    drill.prepare = {
      try TwoHosts.start()
      try prepare()
    }
    drill.cleanUp = {
      try cleanUp()
      try TwoHosts.stop()
    }
    return drill
  }
}
