import Foundation
import TestSupport

/// One drill: what is done to the stack while clients follow links, and what must come of it.
struct Drill: Sendable {
  let name: String
  /// Whether requests may go without a redirect meanwhile.
  var mayFail = false
  /// What must have happened at least once, else the drill has shown nothing.
  var mustSee: [Witness.Sign] = []
  /// Requests a second.
  var rate = 400
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

/// What a drill's harm may use, and what it says of itself.
struct Scene {
  var faults: Faults
  let oracle: Oracle
  let codes: [String]
  let witness: Witness
  /// Why the drill has not shown what it should, whatever became of the clicks.
  var complaints: [String] = []
  /// At how many points of a click's way a process was killed.
  var pointsReached = 0
  /// What there is to tell besides.
  var notes: [String] = []
  /// When the power was cut: clicks of the moments before may be gone.
  var powerCuts: [Date] = []

  func pause(_ seconds: Double) { faults.pause(seconds) }

  /// Waits until the logs tell of something, for some seconds at most.
  func await(_ sign: Witness.Sign, seconds: Double) {
    _ = eventually(seconds: seconds) { witness.signs()[sign, default: 0] > 0 }
  }
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
    let codes = try (0..<2).map { try Self.shorten("https://example.com/\(name)/\($0)") }
    let droppedBefore = Drops.counted
    let witness = try Witness()
    var scene = Scene(
      faults: Faults(random: SplitMix64(seed: seed)), oracle: oracle, codes: codes,
      witness: witness)
    let load = try Load(oracle, codes: codes, rate: rate, padding: padding)
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
    while try !isDrained(oracle, codes, droppedBefore, scene.powerCuts), Date() < deadline {
      scene.pause(0.1)
    }
    let recovered = Date().timeIntervalSince(healed)
    // What is still to come twice comes now.
    scene.pause(1.5)
    let signs = witness.signs()
    var verdict = try Verdict(
      oracle, codes: codes, dropped: Drops.counted - droppedBefore,
      secondTries: signs[.second, default: 0], powerCuts: scene.powerCuts, clockOff: clockOff)
    verdict.recoveredSeconds = recovered
    return Report(
      drill: self, seed: seed, scene: scene, verdict: verdict, signs: signs,
      unanswered: oracle.unanswered, latency: latency)
  }

  private func isDrained(
    _ oracle: Oracle, _ codes: [String], _ before: Int, _ powerCuts: [Date]
  ) throws -> Bool {
    if !powerCuts.isEmpty {
      // How many may be missing isn't known, but which.
      let dropped = Drops.counted - before
      return try Verdict(
        oracle, codes: codes, dropped: dropped, secondTries: 0, powerCuts: powerCuts,
        clockOff: clockOff
      ).lost <= 0
    }
    let list = codes.map { "'\($0)'" }.joined(separator: ",")
    let text = try ClickHouseClient.query(
      "SELECT uniqExact(event_id) FROM click_events WHERE short_code IN (\(list))")
    guard let stored = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      return false
    }
    return stored >= oracle.answers.count - (Drops.counted - before)
  }

  /// Makes a link, however long the stack takes to be ready for that, and warms it.
  private static func shorten(_ url: String) throws -> String {
    let site = try HTTPClient.site()
    var code: String?
    _ = eventually(seconds: 60) {
      guard let answer = try? site.post("/shorten", json: #"{"original_url":"\#(url)"}"#),
        answer.status == 201,
        let object = try? JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
      else { return false }
      code = object["short_code"] as? String
      return code != nil
    }
    guard let code else { throw DrillError("no link could be made") }
    _ = eventually(seconds: 10) {
      (try? site.request("HEAD", "/\(code)"))?.status == 301
    }
    return code
  }
}
