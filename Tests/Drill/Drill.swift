import Foundation
import TestSupport

/// One drill: what is done to the stack while clients follow links, and what must come of it.
struct Drill: Sendable {
  /// Says what must hold, and under what harm: `clicks-survive-relay-kill`.
  let name: String
  /// The same as a sentence of 22 words at most.
  let claim: String
  /// Whether requests may go without an answer meanwhile.
  var mayFail = false
  /// Whether what no worker remembers may be answered with a 503 that says when to come again, since
  /// the harm is done to PostgreSQL or Redis.
  var linksMayWait = false
  /// What must have happened at least once, else the drill has shown nothing.
  var mustSee: [Witness.Sign] = []
  /// Requests a second for links that the workers know.
  var rate = 400
  /// Requests a second for links that nobody has visited, each for another one.
  var cold = 10
  /// Requests a second for codes that no link has, half of them for the same one.
  var unknown = 10
  /// Clicks a second that both pools record, or the backup pool alone.
  ///
  /// None where a drill must see that its own harm brings that about, or compares with nginx's log,
  /// which has none of them.
  var retried = 4
  /// What chance goes by instead of the run's seed.
  var seed: UInt64?
  /// Bytes that each click has more.
  var padding = 0
  /// How many seconds the clocks of Swiftlet's programs may be off meanwhile, either way.
  var clockOff = 0.0
  /// Before the load begins, and after all is compared.
  var prepare: @Sendable () throws -> Void = {}
  var cleanUp: @Sendable () throws -> Void = {}
  /// The harm; the load begins before and ends after it.
  let harm: @Sendable (inout Scene) throws -> Void
}

extension Drill {
  /// Runs it and says what came of it.
  ///
  /// - Parameters:
  ///   - seed: Of all that is chosen by chance.
  ///   - times: How often the harm is done.
  ///   - drainSeconds: How long the backlog may take.
  /// - Returns: Its line of the table.
  /// - Throws: When the stack can't be brought to it.
  func run(seed: UInt64, times: Int, drainSeconds: Double = 120) throws -> Report {
    defer {
      do { try cleanUp() } catch { say("\(name): \(error)") }
    }
    try prepare()
    let oracle = Oracle()
    let links = try Links(of: name)
    let drops = try Drops()
    var scene = Scene(
      faults: Faults(random: SplitMix64(seed: seed)), oracle: oracle, links: links,
      witness: try Witness())
    let load = try Load(oracle, links, rates: rates, padding: padding)
    scene.pause(2)
    let harmed = Date()
    do { for _ in 0..<times { try harm(&scene) } } catch {
      load.stop()
      throw error
    }
    let healed = Date()
    scene.pause(2)
    load.stop()
    let latency = (
      during: oracle.latency(from: harmed, to: healed),
      after: oracle.latency(from: healed, to: Date())
    )

    let deadline = healed.addingTimeInterval(drainSeconds)
    while try !isDrained(scene, drops), Date() < deadline { scene.pause(0.2) }
    let recovered = Date().timeIntervalSince(healed)
    // What is still to come twice comes now.
    scene.pause(1.5)
    let evidence = try evidence(scene, drops)
    var verdict = Verdict(evidence)
    verdict.recoveredSeconds = recovered
    for code in links.warm + (0..<3).compactMap(links.cold) {
      let rows = evidence.stored.map(\.click).filter { $0.code == code }
      for (count, what) in try Statistics(of: code, rows: rows).faults {
        verdict.corrupt += count
        verdict.remarks.append(what)
      }
    }
    return Report(
      drill: self, seed: seed, scene: scene, verdict: verdict, signs: scene.witness.signs(),
      latency: latency)
  }

  private var rates: [RequestKind: Int] {
    [
      .warm: rate, .cold: cold, .unknown: unknown,
      .retried: mustSee.contains(.twice) ? 0 : retried,
    ]
  }

  private func isDrained(_ scene: Scene, _ drops: Drops) throws -> Bool {
    // How many a power cut takes isn't known, but which.
    if scene.powerCuts.isEmpty {
      let most = try scene.oracle.answers.count - Set(drops.ids()).count
      guard try StoredClick.count(of: scene.links) >= most else { return false }
    }
    return try Verdict(evidence(scene, drops)).lost.isEmpty
  }

  private func evidence(_ scene: Scene, _ drops: Drops) throws -> Evidence {
    Evidence(
      answered: scene.oracle.answers, times: scene.oracle.times,
      unanswered: scene.oracle.unanswered, stored: try StoredClick.all(of: scene.links),
      dropped: try drops.ids(), counted: drops.counted, powerCuts: scene.powerCuts,
      clockOff: clockOff)
  }
}
