/// A scenario by chance: one to three faults, some of them one within the other.
extension Drills {
  static func random(_ seed: UInt64) -> Drill {
    Drill(
      name: "clicks-survive-random-\(seed)",
      claim: "\(Promise.clicks.claim) while one to three parts are harmed by chance.",
      mayFail: true, seed: seed, editDelay: .announcement
    ) { scene in
      for _ in 0..<Int.random(in: 1...3, using: &scene.faults.random) {
        try fault(&scene, depth: 0)
        scene.pause(Double.random(in: 0...1.5, using: &scene.faults.random))
      }
    }
  }

  private static func fault(_ scene: inout Scene, depth: Int) throws {
    let component = Component.allCases.randomElement(using: &scene.faults.random) ?? .worker
    switch Int.random(in: 0..<5, using: &scene.faults.random) {
    case 0, 1: try scene.faults.kill(component)
    case 2:
      if component == .worker || component == .nginx {
        try scene.faults.restart(.nginx)
      } else {
        try scene.faults.restart(component)
      }
    default:
      let seconds = Double.random(in: 0.5...6, using: &scene.faults.random)
      var inner = scene
      try scene.faults.freeze(component, seconds: seconds) {
        if depth == 0, Bool.random(using: &inner.faults.random) { try fault(&inner, depth: 1) }
      }
      scene.faults.random = inner.faults.random
    }
  }
}
