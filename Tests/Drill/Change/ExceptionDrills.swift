import TestSupport

/// What the handbook excepts from the bound: it happens, and ends as stated.
extension Drills {
  static let exceptions: [Drill] = [
    // Readers reach Redis; neither the writer nor a dispatcher does.
    seen(
      "changes-wait-without-any-announcer",
      "An edit that nobody can announce waits for a dispatcher, and is seen a second after one is there."
    ) { observed, scene in
      var link = observed.link
      try observed.hosts.whileStopped("dispatcher") {
        try link.change(.edit, ChangingLink.mute)
        scene.pause(5)
      }
      observed.link = link
      observed.excuseLastChange(seconds: 1)
      try observed.settle("with a dispatcher")
      if observed.staleSeconds < 4 {
        scene.complaints.append("the edit was seen without an announcement")
      }
    },
    // Workers answer from memory, as a last resort.
    seen(
      "changes-wait-last-resort",
      "While PostgreSQL and Redis are down a link leads where it led, and a second after them where it leads.",
      linksMayWait: true
    ) { observed, scene in
      try observed.hosts.replaceRedis(&observed) { observed in
        try observed.link.change(.edit)
        try Component.postgres.whileStopped { scene.pause(5) }
        observed.excuseLastChange(seconds: 1)
      }
      try observed.settle("with both")
      if observed.staleSeconds < 2 { scene.complaints.append("no last resort was asked") }
    },
  ]
}
