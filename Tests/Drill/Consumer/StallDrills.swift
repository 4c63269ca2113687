import Foundation
import TestSupport

/// Clicks that the consumer can't store, and much of what it must look up.
extension Drills {
  static let stalls: [Drill] = [
    Drill(
      name: "refused-batch-costs-no-neighbour",
      claim:
        "Refused clicks become dead letters, shown within 30 s, and their neighbours are stored.",
      mustSee: [.dead], cleanUp: Refusal.end
    ) { scene in
      try Refusal.begin("user_agent LIKE 'poison%'")
      var journal = PlantedJournal()
      for number in 0..<200 {
        let isPoison = number % 50 == 25
        let click = PlantedJournal.click(
          number, of: scene, agent: isPoison ? "poison" : "planted")
        let event = PlantedJournal.event()
        scene.oracle.planted(event, click)
        journal.add(click, id: event)
      }
      let letters = try Signals.metric("swiftlet_consumer_dead_letters_total") ?? 0
      try journal.plant()
      Signals.await("dead letters in /metrics", within: 30, &scene) {
        try Signals.metric("swiftlet_consumer_dead_letters_total") ?? 0 >= letters + 4
          && Signals.metric("swiftlet_queue_messages", ".dead\"") ?? 0 >= 4
      }
      Signals.await("dead letters in /health", within: 30, &scene) {
        let remarks = try Signals.health()["remarks"].texts
        return remarks.contains { $0.contains("dead letters") }
      }
      Signals.await("dead letters named by doctor", within: 30, &scene) {
        try Signals.doctor().contains("could not be stored")
      }
      // The cause of the refusal is mended, and they are replayed: each counts once.
      try Refusal.end()
      try Command.check(
        TestStack.value("SWIFTLET_BIN") + "/swiftlet", ["clicks", "redrive"])
    },
    Drill(
      name: "consumer-stalled-is-shown",
      claim: "/health, /metrics and doctor show that the consumer is frozen, or refused for ever.",
      rate: 100, cleanUp: Refusal.end
    ) { scene in
      // Frozen: what is delivered to it is in no queue's depth.
      let pids = try Component.consumer.pids
      for pid in pids { Glibc.kill(pid, SIGSTOP) }
      expectStall(&scene, "a frozen consumer")
      for pid in pids { Glibc.kill(pid, SIGCONT) }
      expectRecovery(&scene, "a frozen consumer")
      // Refused for ever, whatever the click.
      try Refusal.begin("code != 'no code is like this'")
      Signals.await("the refusal in /metrics", within: 30, &scene) {
        try Signals.metric("swiftlet_consumer_refused") ?? 0 > 0
      }
      expectStall(&scene, "a refused consumer")
      let letters = try Signals.metric("swiftlet_consumer_dead_letters_total")
      try Refusal.end()
      expectRecovery(&scene, "a refused consumer")
      if try Signals.metric("swiftlet_consumer_dead_letters_total") != letters {
        scene.complaints.append("clicks were dead-lettered for a fault of the server")
      }
    },
    Drill(
      name: "clicks-count-once-retries-in-bulk",
      claim: "20 s of retried clicks and 100 000 replayed ones count once and stall nothing.",
      mustSee: [.second, .twice], rate: 1000
    ) { scene in
      let stored = try Component.consumer.whileStopped {
        try Component.worker.whileStopped { scene.pause(20) }
        return try Signals.metric("swiftlet_consumer_rows_total") ?? 0
      }
      Signals.await("the consumer goes on", within: 5, &scene) {
        try Signals.metric("swiftlet_consumer_rows_total") ?? 0 > stored
      }
      try replay(100_000, &scene)
    },
  ]

  private static func expectStall(_ scene: inout Scene, _ what: String) {
    Signals.await("\(what) in /health", within: 90, &scene) { try Signals.isDown("consumer") }
    Signals.await("\(what) in /metrics", within: 30, &scene) {
      try Signals.metric("swiftlet_consumer_oldest_unstored_seconds") ?? 0 > 60
    }
    Signals.await("\(what) named by doctor", within: 30, &scene) {
      try Signals.doctor().contains("FAILED   consumer")
    }
  }

  private static func expectRecovery(_ scene: inout Scene, _ what: String) {
    Signals.await("the end of \(what)", within: 60, &scene) {
      try !Signals.isDown("consumer")
        && Signals.metric("swiftlet_consumer_oldest_unstored_seconds") ?? .infinity < 5
    }
  }

  /// Replays clicks as `clicks reconcile` does, marked as retried: every other one is stored already.
  ///
  /// In parts, because the drills' stack has room for few journals.
  private static func replay(_ count: Int, _ scene: inout Scene) throws {
    let part = 5000
    for first in stride(from: 0, to: count, by: part) {
      var (journal, again) = (PlantedJournal(), PlantedJournal())
      for number in first..<first + part {
        let click = PlantedJournal.click(number, of: scene)
        let event = PlantedJournal.event()
        scene.oracle.planted(event, click)
        if number % 2 == 0 { journal.add(click, id: event) }
        again.add(click, id: event, isRetried: true)
      }
      let paths = [try journal.plant(), try again.plant()]
      let isTaken = eventually(seconds: 30) { paths.allSatisfy { access($0, F_OK) != 0 } }
      guard isTaken else { throw DrillError("the relay does not take the planted journals") }
    }
    scene.notes.append("replayed \(count)")
  }
}
