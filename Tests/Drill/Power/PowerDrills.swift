/// The power of the host cut; both need root.
extension Drills {
  // With what the broker confirms never synced, and with the broker away.
  static let power: [Drill] = [
    Drill(
      name: "clicks-survive-power-cut",
      claim: "A power cut takes no click older than JOURNAL_SYNC_MS and doubles none.",
      mayFail: true, prepare: PowerCut.mount, cleanUp: PowerCut.unmount
    ) { scene in
      scene.pause(5)
      try PowerCut.cut(&scene)
      scene.pause(5)
    },
    Drill(
      name: "clicks-survive-power-cut-rabbitmq-stopped",
      claim: "A power cut while RabbitMQ is stopped takes no click older than JOURNAL_SYNC_MS.",
      mayFail: true, prepare: PowerCut.mount, cleanUp: PowerCut.unmount
    ) { scene in
      try Component.rabbitmq.whileStopped {
        scene.pause(5)
        try PowerCut.cut(&scene)
      }
      scene.pause(5)
    },
  ]
}
