/// What each component must bear: a process killed, a process frozen, all of it restarted.
extension Drills {
  /// The three drills of a component.
  ///
  /// - Parameters:
  ///   - component: What is harmed.
  ///   - mayFail: Whether requests may go without an answer while it is killed or frozen.
  ///   - linksMayWait: As a drill has it.
  ///   - kill: The harm; one kill, or four of those that serve requests or pass clicks on.
  /// - Returns: Its kill, its freeze and its restart.
  static func basics(
    of component: Component, mayFail: Bool = false, linksMayWait: Bool = false,
    kill: (@Sendable (inout Scene) throws -> Void)? = nil
  ) -> [Drill] {
    let harmed = Promise(of: component, mayFail: mayFail)
    let restarted = Promise(of: component, mayFail: false)
    return [
      Drill(
        name: "\(harmed.name)-survive-\(component)-kill",
        claim: "\(harmed.claim) when \(component.process) is killed.",
        mayFail: mayFail, linksMayWait: linksMayWait, editDelay: component.editDelay
      ) { scene in
        if let kill {
          try kill(&scene)
        } else {
          try scene.faults.kill(component, times: component.isEngine ? 1 : 4)
        }
        scene.pause(4)
      },
      Drill(
        name: "\(harmed.name)-survive-\(component)-freeze",
        claim: "\(harmed.claim) while \(component.process) is frozen for HARM_SECONDS.",
        mayFail: mayFail, linksMayWait: linksMayWait, editDelay: component.editDelay
      ) { scene in
        try scene.faults.freeze(component, seconds: Scene.harmSeconds)
      },
      Drill(
        name: "\(restarted.name)-survive-\(component)-\(component.restart.name)",
        claim: "\(restarted.claim) while \(component.restart.claim).", linksMayWait: linksMayWait,
        editDelay: component.editDelay
      ) { scene in
        try scene.faults.restart(component)
        scene.pause(2)
      },
    ]
  }
}
