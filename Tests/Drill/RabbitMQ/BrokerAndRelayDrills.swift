import TestSupport

/// RabbitMQ and the relay, or the consumer, harmed at once.
extension Drills {
  static let brokerAndRelay: [Drill] = [
    Drill(
      name: "clicks-survive-rabbitmq-frozen-relay-killed",
      claim: "\(Promise.clicks.claim) when the relay is killed while RabbitMQ is frozen.",
      mustSee: [.redelivery]
    ) { scene in
      var faults = scene.faults
      try scene.faults.freeze(.rabbitmq, seconds: 10) { try faults.kill(.relay, times: 3) }
      try scene.faults.kill(.consumer)
      scene.pause(3)
    },
    Drill(
      name: "clicks-survive-rabbitmq-killed-relay-killed",
      claim: "\(Promise.clicks.claim) when RabbitMQ is killed and then the relay, three times."
    ) { scene in
      try scene.faults.kill(.rabbitmq)
      try scene.faults.kill(.relay, times: 3)
      scene.pause(6)
    },
    Drill(
      name: "clicks-survive-rabbitmq-blocked-relay-killed",
      claim: "\(Promise.clicks.claim) when the relay is killed while RabbitMQ blocks it.",
      mustSee: [.blocked]
    ) { scene in
      try Broker.setBlocked(true)
      try scene.faults.kill(.relay, times: 2)
      scene.pause(4)
      try Broker.setBlocked(false)
    },
    Drill(
      name: "clicks-survive-rabbitmq-stopped-relay-killed",
      claim:
        "\(Promise.clicks.claim) when the relay is killed during and after a stop of RabbitMQ.",
      mustSee: [.relayCut]
    ) { scene in
      try Component.rabbitmq.whileStopped {
        scene.pause(15)
        try scene.faults.kill(.relay)
        scene.pause(2)
      }
      scene.pause(1)
      try scene.faults.kill(.relay)
      scene.pause(3)
    },
  ]
}
