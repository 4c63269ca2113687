import Foundation
import TestSupport

/// Each engine cut off, its connections reset, its network slow.
extension Drills {
  static let networks: [Drill] =
    [Component.rabbitmq, .clickhouse, .postgres, .redis].flatMap(network) + [
      // Longer than broker and consumer wait for each other's heartbeats.
      Drill(name: "rabbitmq-cut-for-long", mustSee: [.relayCut, .redelivery], rate: 150) { scene in
        try Network.through(.rabbitmq) { proxy in
          proxy.mode = .drop
          scene.pause(100)
          proxy.mode = .pass
          scene.pause(3)
        }
      }
    ]

  private static func network(of engine: Component) -> [Drill] {
    let mayWait = engine == .postgres || engine == .redis
    return [
      Drill(name: "\(engine)-cut", linksMayWait: mayWait, mustSee: signs(of: engine)) { scene in
        try Network.through(engine) { proxy in
          proxy.mode = .drop
          try use(engine, &scene)
          scene.pause(harmSeconds)
          for sign in signs(of: engine) { scene.await(sign, seconds: 30) }
          proxy.mode = .pass
          scene.pause(3)
        }
      },
      Drill(
        name: "\(engine)-reset", linksMayWait: mayWait,
        mustSee: engine == .rabbitmq ? [.relayCut, .redelivery] : []
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
      Drill(name: "\(engine)-slow", linksMayWait: mayWait) { scene in
        try Network.through(engine) { proxy in
          proxy.mode = .slow
          try use(engine, &scene)
          scene.pause(harmSeconds)
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
