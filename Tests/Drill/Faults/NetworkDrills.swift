import TestSupport

/// What each engine's users must bear: the engine cut off, its connections reset, its network slow.
extension Drills {
  static func network(of engine: Component) -> [Drill] {
    let mayWait = engine == .postgres || engine == .redis
    let promise = Promise(of: engine, mayFail: false)
    let name = "\(promise.name)-survive-\(engine)"
    return [
      Drill(
        name: "\(name)-cut",
        claim: "\(promise.claim) while packets to and from \(engine.process) vanish unannounced.",
        linksMayWait: mayWait, mustSee: signs(of: engine), editDelay: engine.editDelay
      ) { scene in
        try Network.through(engine) { proxy in
          proxy.mode = .drop
          try use(engine, &scene)
          scene.pause(Scene.harmSeconds)
          for sign in signs(of: engine) { scene.await(sign, seconds: 30) }
          proxy.mode = .pass
          scene.pause(3)
        }
      },
      Drill(
        name: "\(name)-reset",
        claim: "\(promise.claim) while \(engine.process)'s connections are reset or refused.",
        linksMayWait: mayWait, mustSee: engine == .rabbitmq ? [.relayCut, .redelivery] : [],
        editDelay: engine.editDelay
      ) { scene in
        try Network.through(engine) { proxy in
          for turn in 0..<20 {
            scene.pause(Double.random(in: 0.1...0.8, using: &scene.faults.random))
            proxy.mode = turn % 5 == 4 ? .refuse : .pass
            proxy.reset()
            try use(engine, &scene)
          }
        }
      },
      Drill(
        name: "\(name)-slow",
        claim: "\(promise.claim) while \(engine.process)'s network carries 1 KB/s.",
        linksMayWait: mayWait, editDelay: engine.editDelay
      ) { scene in
        try Network.through(engine) { proxy in
          proxy.mode = .slow
          try use(engine, &scene)
          scene.pause(Scene.harmSeconds)
          proxy.mode = .pass
          scene.pause(3)
        }
      },
    ]
  }

  private static func signs(of engine: Component) -> [Witness.Sign] {
    switch engine {
    case .rabbitmq: [.relayCut]
    case .clickhouse: [.held]
    case .postgres: [.postgresFailed]
    case .redis: [.redisFailed]
    default: []
    }
  }

  /// A redirect of a warm link asks no PostgreSQL, so something has to: making links must succeed
  /// or say when to come again.
  private static func use(_ engine: Component, _ scene: inout Scene) throws {
    if engine == .postgres { try Creation.attempt(&scene) }
  }
}
