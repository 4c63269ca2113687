import TestSupport

/// No room for journals: redirects go on, and each dropped click is named in DROPPED_IDS.
extension Drills {
  static let drops: [Drill] = [
    Drill(
      name: "drops-named-on-disk-full",
      claim: "Redirects go on and each dropped click is named while the journals' disk is full.",
      mustSee: [.drop], prepare: DiskFull.mount, cleanUp: DiskFull.unmount
    ) { scene in
      try scene.faults.freeze(.rabbitmq, seconds: 12)
      scene.pause(5)
    },
    Drill(
      name: "drops-named-on-disk-full-relay-frozen",
      claim: "Each dropped click is named when a frozen relay lets the journals' disk fill up.",
      mustSee: [.drop], prepare: DiskFull.mount, cleanUp: DiskFull.unmount
    ) { scene in
      try scene.faults.freeze(.relay, seconds: 12)
      scene.pause(5)
    },
    Drill(
      name: "drops-named-on-disk-full-rabbitmq-blocked",
      claim: "Each dropped click is named when a blocked relay lets the journals' disk fill up.",
      mustSee: [.drop, .blocked], prepare: DiskFull.mount, cleanUp: DiskFull.unmount
    ) { scene in
      try Broker.setBlocked(true)
      scene.pause(10)
      try Broker.setBlocked(false)
      scene.pause(5)
    },
    // JOURNAL_MAX_BYTES is 4 MiB here.
    Drill(
      name: "drops-named-at-journal-bound",
      claim: "Each dropped click is named while the journals are at JOURNAL_MAX_BYTES.",
      mustSee: [.drop], padding: 400
    ) { scene in
      try scene.faults.freeze(.rabbitmq, seconds: 30)
      scene.pause(5)
    },
  ]
}
