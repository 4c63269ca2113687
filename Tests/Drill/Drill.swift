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
  /// Whether unremembered links may be answered with a 503 and a Retry-After, since PostgreSQL or
  /// Redis is harmed.
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
  /// Requests a second for links with terms of their own, for two that are edited meanwhile, and for
  /// links of few visits.
  var managed = 24
  var edited = 24
  var limited = 8
  /// What the harm does to these edits.
  var editDelay = EditHistory.Delay.none
  /// Bytes that each click has more.
  var padding = 0
  /// How many seconds the clocks of Swiftlet's programs may be off meanwhile, either way.
  var clockOff = 0.0
  /// What the drill does itself on its way across the seam; nil if only SEAM=1 sends it across.
  var seam: Seam.Plan?
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
  ///   - times: How often the harm is done; once by a drill that brings the crossing about.
  ///   - drainSeconds: How long the backlog may take.
  /// - Returns: Its line of the table.
  /// - Throws: When the stack can't be brought to it.
  func run(seed: UInt64, times: Int, drainSeconds: Double = 120) throws -> Report {
    var random = SplitMix64(seed: seed)
    let oracle = Oracle()
    let links = try Links(of: name)
    let way = Seam.isAsked || seam != nil ? try Seam(of: links, oracle, seam, &random) : nil
    defer {
      do { try cleanUp() } catch { say("\(name): \(error)") }
      do { try way?.end() } catch { say("\(name): \(error)") }
    }
    try prepare()
    try links.warmUp()
    let drops = try Drops()
    var scene = Scene(
      faults: Faults(random: random), oracle: oracle, links: links, witness: try Witness(),
      seam: way)
    try way?.hold(oracle)
    let (harmed, healed) = try harm(&scene, times: times)
    let latency = (
      during: oracle.latency(from: harmed, to: healed),
      after: oracle.latency(from: healed, to: Date())
    )
    let deadline = healed.addingTimeInterval(drainSeconds)
    while try !isDrained(scene, drops), Date() < deadline { scene.pause(0.2) }
    let recovered = Date().timeIntervalSince(healed)
    // What is still to come twice comes now.
    scene.pause(1.5)
    var verdict = try compare(scene, drops)
    if let way {
      try way.complete(&scene)
      way.check(&scene)
      verdict = verdict.followed(by: try compare(scene, drops))
    }
    verdict.recoveredSeconds = recovered
    try checkLinks(&scene, harm: harmed.timeIntervalSince1970...healed.timeIntervalSince1970)
    return Report(
      drill: self, seed: seed, scene: scene, verdict: verdict, signs: scene.witness.signs(),
      latency: latency)
  }

  /// Does the harm under load.
  ///
  /// - Returns: When it began and ended.
  private func harm(
    _ scene: inout Scene, times: Int
  ) throws -> (began: Date, ended: Date) {
    let load = try Load(scene.oracle, scene.links, rates: rates, padding: padding)
    defer { load.stop() }
    scene.pause(2)
    let isAcross = scene.seam?.isBehind ?? false
    let began = Date()
    if seam == nil { scene.seam?.cross() }
    // There is one seam.
    for _ in 0..<(seam == nil ? times : 1) { try harm(&scene) }
    let ended = Date()
    if let seam = scene.seam {
      let moment = isAcross ? "before" : seam.isBehind ? "amid" : "after"
      scene.notes.append("across the seam \(moment) the harm")
    }
    scene.pause(2)
    return (began, ended)
  }

  /// Compares all that is known: the rows, each count of each link, and what `/stats` says.
  private func compare(_ scene: Scene, _ drops: Drops) throws -> Verdict {
    var evidence = try evidence(scene, drops)
    evidence.lastOldBatch = try Tables.lastOldBatch() ?? 0
    for (link, history) in try scene.links.edited.histories() {
      evidence.led.merge(history.leds(link: link.id, domain: link.domain)) { own, _ in own }
    }
    var verdict = Verdict(evidence)
    verdict.add(try StoredCounts(of: scene.links, evidence).faults)
    let rows = Dictionary(grouping: evidence.stored.map(\.click), by: \.code)
    let cold = (0..<3).compactMap(scene.links.cold)
    let plain = scene.links.warm + scene.links.managed.codes + [scene.links.edited.links[0].code]
    for code in Set(plain + cold + (scene.seam?.clicks.codes ?? [])) {
      verdict.add(try Statistics(of: code, rows: rows[code] ?? []).faults)
    }
    return verdict
  }

  /// Checks the links that are edited or have few visits: by when an edit was seen, and that no visit
  /// was one too many.
  private func checkLinks(_ scene: inout Scene, harm: ClosedRange<Double>) throws {
    let limits = try scene.links.limited.check(scene.oracle)
    scene.notes.append(limits.note)
    scene.complaints += limits.faults.prefix(5)
    // A worker without Redis goes by its memory where PostgreSQL is late, too (LinkCache.lastRecord).
    let isRedisLate = scene.witness.count(of: .redisFailed) > 0
    var (edits, longest) = (0, 0.0)
    for (_, history) in try scene.links.edited.histories() {
      let ages = history.ages(isRedisLate ? .announcement : editDelay, harm: harm)
      (edits, longest) = (edits + history.edits, max(longest, ages.longest))
      scene.complaints += ages.faults.prefix(5)
    }
    scene.notes.append("edits \(edits), the last old answer after \(Int(longest * 1000)) ms")
    if edits == 0 { scene.complaints.append("no link was edited") }
  }

  private var rates: [RequestKind: Int] {
    [
      .warm: rate, .managed: managed, .edited: edited, .limited: limited, .cold: cold,
      .unknown: unknown, .retried: mustSee.contains(.twice) ? 0 : retried,
    ]
  }

  private func isDrained(_ scene: Scene, _ drops: Drops) throws -> Bool {
    // How many a power cut takes isn't known, but which.
    if scene.powerCuts.isEmpty {
      let most = try scene.oracle.answers.count - Set(drops.ids()).count
      guard StoredClick.count(of: scene.links) >= most else { return false }
    }
    return try Verdict(evidence(scene, drops)).lost.isEmpty
  }

  private func evidence(_ scene: Scene, _ drops: Drops) throws -> Evidence {
    let (answers, unanswered) = (scene.oracle.answers, scene.oracle.unanswered)
    var scopes = scene.seam?.scopes ?? [:]
    for code in Set((Array(answers.values) + unanswered).map(\.code)) where scopes[code] == nil {
      scopes[code] = scene.links.scope(of: code)
    }
    return Evidence(
      answered: answers, times: scene.oracle.times, unanswered: unanswered,
      stored: try StoredClick.all(of: scene.links), scopes: scopes, led: scene.oracle.leds,
      dropped: try drops.ids(), counted: drops.counted, powerCuts: scene.powerCuts,
      clockOff: clockOff)
  }
}
