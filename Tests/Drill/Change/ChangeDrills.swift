import Foundation
import TestSupport

/// Changes of a link, and by when every worker of two hosts has seen them.
extension Drills {
  static let change: [Drill] = [
    seen(
      "changes-seen-everywhere",
      "Each edit, disabling, enabling and deletion is seen by every worker of two hosts within a second."
    ) { observed, scene in
      for verb in [ChangingLink.Verb.edit, .disable, .enable, .edit, .disable, .delete] {
        try observed.link.change(verb)
        try observed.settle("after \(verb)")
        scene.pause(Double.random(in: 0...0.7, using: &scene.faults.random))
      }
    }
  ]

  /// A drill whose harm is done while every worker is asked for a link.
  static func seen(
    _ name: String, _ claim: String, bound: Double = 1, linksMayWait: Bool = false,
    mustSee: [Witness.Sign] = [], cleanUp: @escaping @Sendable () throws -> Void = {},
    _ harm: @escaping @Sendable (inout Observation, inout Scene) throws -> Void
  ) -> Drill {
    var drill = Drill(
      name: name, claim: claim, linksMayWait: linksMayWait, mustSee: mustSee, rate: 100,
      prepare: TwoHosts.start
    ) { scene in
      var observed = try Observation(bound: bound)
      defer { observed.end(&scene) }
      try harm(&observed, &scene)
    }
    drill.cleanUp = {
      try cleanUp()
      try TwoHosts.stop()
    }
    return drill
  }
}
